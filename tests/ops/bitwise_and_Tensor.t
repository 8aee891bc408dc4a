x: bool[2]
y: bool[2]
aten.bitwise_and.Tensor(x, y) : bool[2]
---- mlx
logical_and(x, y)
---- python
return x & y
