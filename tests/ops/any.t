x: bool[2, 3]
aten.any.default(x) : bool[]
---- mlx
any(x)
---- python
return mx.any(x)
