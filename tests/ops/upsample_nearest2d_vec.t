x: f32[2, 4, 6, 6]
aten.upsample_nearest2d.vec(x, [9, 6], None) : f32[2, 4, 9, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = arange(stop=9, dtype=f32)
c = multiply(b, 0.6666666865348816)
d = floor(c)
e = astype(d, dtype=i32)
f = minimum(e, 5)
g = take(a, f, axis=1)
transpose(g, axes=[0, 3, 1, 2])
---- python
arange = mx.arange(9, dtype=mx.float32)
indices = mx.minimum(mx.floor(arange * 0.6666666865348816).astype(mx.int32), 5)
return mx.take(x.transpose(0, 2, 3, 1), indices, axis=1).transpose(0, 3, 1, 2)
