x: bool[2]
y: bool[2]
aten.bitwise_xor.Tensor(x, y) : bool[2]
---- mlx
not_equal(x, y)
---- python
return x != y
