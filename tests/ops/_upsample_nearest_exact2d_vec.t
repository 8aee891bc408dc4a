x: f32[2, 4, 6, 6]
aten._upsample_nearest_exact2d.vec(x, [9, 6], None) : f32[2, 4, 9, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = arange(stop=9, dtype=f32)
c = add(b, 0.5)
d = multiply(c, 0.6666666865348816)
e = floor(d)
f = astype(e, dtype=i32)
g = minimum(f, 5)
h = take(a, g, axis=1)
transpose(h, axes=[0, 3, 1, 2])
---- python
arange = mx.arange(9, dtype=mx.float32)
indices = mx.minimum(mx.floor((arange + 0.5) * 0.6666666865348816).astype(mx.int32), 5)
return mx.take(x.transpose(0, 2, 3, 1), indices, axis=1).transpose(0, 3, 1, 2)
