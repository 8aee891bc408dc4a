x: f32[2, 4, 5]
m: f32[4] = buffer "m"
v: f32[4] = buffer "v"
a, c, e = aten._native_batch_norm_legit.default(x, None, None, m, v, False, 0.1, 1e-05) : f32[2, 4, 5], f32[0], f32[0]
return a
---- mlx
a = full(shape=[0], value=0.0, dtype=f32)
b = transpose(x, axes=[0, 2, 1])
c = batch_norm(b, m, v, eps=1e-05)
transpose(c, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
return ((x - self.m) * mx.rsqrt(self.v + 1e-05)).transpose(0, 2, 1)
