x: f32[2, 3, 4]
aten.diagonal.default(x, 1, 1, 2) : f32[2, 3]
---- mlx
diagonal(x, offset=1, axis1=1, axis2=2)
---- python
return mx.diagonal(x, offset=1, axis1=1, axis2=2)
