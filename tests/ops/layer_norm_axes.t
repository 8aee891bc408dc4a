x: f32[2, 3, 4]
w: f32[3, 4] = parameter "w"
b: f32[3, 4] = parameter "b"
aten.layer_norm.default(x, [3, 4], w, b) : f32[2, 3, 4]
---- mlx
a = reshape(w, shape=[12])
c = reshape(b, shape=[12])
d = reshape(x, shape=[2, 12])
e = layer_norm(d, weight=a, bias=c, eps=1e-05)
reshape(e, shape=[2, 3, 4])
---- python
x = x.reshape(2, 12)
layer_norm = mx.fast.layer_norm(x, self.w.reshape(12), self.b.reshape(12), 1e-05)
return layer_norm.reshape(2, 3, 4)
