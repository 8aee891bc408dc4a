x: f32[2, 4, 5]
m: f32[4] = buffer "m"
v: f32[4] = buffer "v"
aten.batch_norm.default(x, None, None, m, v, False, 0.1, 1e-05, False) : f32[2, 4, 5]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = batch_norm(a, m, v, eps=1e-05)
transpose(b, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
return ((x - self.m) * mx.rsqrt(self.v + 1e-05)).transpose(0, 2, 1)
