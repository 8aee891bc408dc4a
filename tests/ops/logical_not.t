x: bool[2]
aten.logical_not.default(x) : bool[2]
---- mlx
logical_not(x)
---- python
return mx.logical_not(x)
