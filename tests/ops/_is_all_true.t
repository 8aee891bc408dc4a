x: bool[2, 3]
aten._is_all_true.default(x) : bool[]
---- mlx
all(x)
---- python
return mx.all(x)
