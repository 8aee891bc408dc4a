x: bool[2, 3]
aten.all.default(x) : bool[]
---- mlx
all(x)
---- python
return mx.all(x)
