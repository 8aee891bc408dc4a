x: f32[2, 3]
aten.diag.default(x, -1) : f32[1]
---- mlx
diagonal(x, offset=-1, axis1=0, axis2=1)
---- python
return mx.diagonal(x, offset=-1, axis1=0, axis2=1)
