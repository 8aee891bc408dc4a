x: f32[2, 3, 4]
aten._reshape_alias.default(x, [6, 4], [4, 1]) : f32[6, 4]
---- mlx
reshape(x, shape=[6, 4])
---- python
return x.reshape(6, 4)
