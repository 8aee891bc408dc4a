x: f32[2, 6]
aten.reshape.default(x, [12]) : f32[12]
---- mlx
reshape(x, shape=[12])
---- python
return x.reshape(12)
