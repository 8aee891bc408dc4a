x: bool[2]
y: bool[2]
aten.__or__.Tensor(x, y) : bool[2]
---- mlx
logical_or(x, y)
---- python
return x | y
