# Booleans add as or.
x: bool[2]
y: bool[2]
aten.add.Tensor(x, y) : bool[2]
---- mlx
logical_or(x, y)
---- python
return x | y
