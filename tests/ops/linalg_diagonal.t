x: f32[2, 3, 4]
aten.linalg_diagonal.default(x) : f32[2, 3]
---- mlx
diagonal(x, offset=0, axis1=1, axis2=2)
---- python
return mx.diagonal(x, offset=0, axis1=1, axis2=2)
