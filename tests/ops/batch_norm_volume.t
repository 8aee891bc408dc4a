x: f32[2, 3, 4, 5, 6]
m: f32[3]
v: f32[3]
aten.batch_norm.default(x, None, None, m, v, False, 0.1, 1e-05, True) : f32[2, 3, 4, 5, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 4, 1])
b = reshape(a, shape=[2, -1, 3])
c = batch_norm(b, m, v, eps=1e-05)
d = reshape(c, shape=[2, 4, 5, 6, 3])
transpose(d, axes=[0, 4, 1, 2, 3])
---- python
x = x.transpose(0, 2, 3, 4, 1).reshape(2, -1, 3)
batch_norm = (x - m) * mx.rsqrt(v + 1e-05)
return batch_norm.reshape(2, 4, 5, 6, 3).transpose(0, 4, 1, 2, 3)
