x: bool[2, 3, 4]
aten.all.dims(x, [-1, 0]) : bool[3]
---- mlx
all(x, axis=[2, 0])
---- python
return mx.all(x, axis=(2, 0))
