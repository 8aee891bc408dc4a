x: f32[4, 3]
i: i64[1, 2]
aten.take_along_dim.default(x, i) : f32[2]
---- mlx
a = reshape(i, shape=[-1])
b = reshape(x, shape=[-1])
take(b, a, axis=0)
---- python
return mx.take(x.reshape(-1), i.reshape(-1), axis=0)
