x: f32[2, 3]
aten.all.dim(x, -1) : bool[2]
---- mlx
all(x, axis=[1])
---- python
return mx.all(x, axis=(1,))
