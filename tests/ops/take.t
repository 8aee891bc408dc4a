x: f32[4, 3]
i: i64[2]
aten.take.default(x, i) : f32[2]
---- mlx
a = reshape(x, shape=[-1])
take(a, i, axis=0)
---- python
return mx.take(x.reshape(-1), i, axis=0)
