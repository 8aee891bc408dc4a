x: f32[2, 6]
aten.view.default(x, [2, -1, 3]) : f32[2, 2, 3]
---- mlx
reshape(x, shape=[2, 2, 3])
---- python
return x.reshape(2, 2, 3)
