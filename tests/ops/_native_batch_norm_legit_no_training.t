x: f32[2, 4, 5, 6]
w: f32[4] = parameter "w"
b: f32[4] = parameter "b"
m: f32[4] = buffer "m"
v: f32[4] = buffer "v"
a, c, e = aten._native_batch_norm_legit_no_training.default(x, w, b, m, v, 0.1, 1e-05) : f32[2, 4, 5, 6], f32[0], f32[0]
return a
---- mlx
a = full(shape=[0], value=0.0, dtype=f32)
c = transpose(x, axes=[0, 2, 3, 1])
d = batch_norm(c, m, v, weight=w, bias=b, eps=1e-05)
transpose(d, axes=[0, 3, 1, 2])
---- python
batch_norm = (x.transpose(0, 2, 3, 1) - self.m) * mx.rsqrt(self.v + 1e-05) * self.w + self.b
return batch_norm.transpose(0, 3, 1, 2)
