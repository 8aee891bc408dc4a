x: f32[2, 3, 4, 5]
aten.flatten.using_ints(x, 1, 2) : f32[2, 12, 5]
---- mlx
reshape(x, shape=[2, 12, 5])
---- python
return x.reshape(2, 12, 5)
