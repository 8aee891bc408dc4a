x: f32[2, 3, 4]
y: f32[6, 4]
aten.view_as.default(x, y) : f32[6, 4]
---- mlx
reshape(x, shape=[6, 4])
---- python
return x.reshape(6, 4)
