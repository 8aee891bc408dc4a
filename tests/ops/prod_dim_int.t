x: f32[2, 3]
aten.prod.dim_int(x, 1) : f32[2]
---- mlx
prod(x, axis=[1])
---- python
return mx.prod(x, axis=(1,))
