x: f32[2, 4, 4, 5, 4]
w: f32[6, 2, 2, 2, 2] = parameter "w"
b: f32[6] = parameter "b"
aten.conv3d.default(x, w, b, [1, 1, 1], [0, 0, 0], [1, 1, 1], 2) : f32[2, 6, 3, 4, 3]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
c = transpose(w, axes=[0, 2, 3, 4, 1])
d, e = split(a, indices=[2], axis=4)
f, g = split(c, indices=[3], axis=0)
h = conv3d(d, f, stride=[1, 1, 1], padding=[0, 0, 0], dilation=[1, 1, 1], groups=1)
i = conv3d(e, g, stride=[1, 1, 1], padding=[0, 0, 0], dilation=[1, 1, 1], groups=1)
j = concatenate([h, i], axis=4)
k = add(j, b)
transpose(k, axes=[0, 4, 1, 2, 3])
---- python
x, split = mx.split(x.transpose(0, 2, 3, 4, 1), (2,), axis=4)
weight, weight_2 = mx.split(self.w.transpose(0, 2, 3, 4, 1), (3,), axis=0)
conv3d = mx.conv3d(x, weight, (1, 1, 1), (0, 0, 0), (1, 1, 1), 1)
conv3d_2 = mx.conv3d(split, weight_2, (1, 1, 1), (0, 0, 0), (1, 1, 1), 1)
concatenate = mx.concatenate([conv3d, conv3d_2], axis=4)
return (concatenate + self.b).transpose(0, 4, 1, 2, 3)
