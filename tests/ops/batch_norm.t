x: f32[2, 4, 5, 6]
w: f32[4] = parameter "w"
b: f32[4] = parameter "b"
m: f32[4] = buffer "m"
v: f32[4] = buffer "v"
aten.batch_norm.default(x, w, b, m, v, False, 0.1, 1e-05, False) : f32[2, 4, 5, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
c = batch_norm(a, m, v, weight=w, bias=b, eps=1e-05)
transpose(c, axes=[0, 3, 1, 2])
---- python
batch_norm = (x.transpose(0, 2, 3, 1) - self.m) * mx.rsqrt(self.v + 1e-05) * self.w + self.b
return batch_norm.transpose(0, 3, 1, 2)
