x: f32[2, 3, 4]
aten.unflatten.int(x, 2, [2, -1]) : f32[2, 3, 2, 2]
---- mlx
reshape(x, shape=[2, 3, 2, 2])
---- python
return x.reshape(2, 3, 2, 2)
