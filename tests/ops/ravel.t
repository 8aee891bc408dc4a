x: f32[2, 3, 4]
aten.ravel.default(x) : f32[24]
---- mlx
reshape(x, shape=[-1])
---- python
return x.reshape(-1)
