x: f32[2, 3]
aten.roll.default(x, [2]) : f32[2, 3]
---- mlx
a = reshape(x, shape=[-1])
b = roll(a, shift=2, axis=0)
reshape(b, shape=[2, 3])
---- python
return mx.roll(x.reshape(-1), shift=2, axis=0).reshape(2, 3)
