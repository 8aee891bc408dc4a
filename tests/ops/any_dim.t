x: f32[2, 3]
aten.any.dim(x, -1) : bool[2]
---- mlx
any(x, axis=[1])
---- python
return mx.any(x, axis=(1,))
