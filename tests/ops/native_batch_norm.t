x: f32[2, 3, 5]
m: f32[3]
v: f32[3]
y, u, v2 = aten.native_batch_norm.default(x, None, None, m, v, False, 0.1, 1e-05) : f32[2, 3, 5], f32[0], f32[0]
return y
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = batch_norm(a, m, v, eps=1e-05)
transpose(b, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
return ((x - m) * mx.rsqrt(v + 1e-05)).transpose(0, 2, 1)
