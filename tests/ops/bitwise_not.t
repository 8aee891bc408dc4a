x: bool[2]
aten.bitwise_not.default(x) : bool[2]
---- mlx
logical_not(x)
---- python
return mx.logical_not(x)
