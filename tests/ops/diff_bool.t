x: bool[5]
aten.diff.default(x) : bool[4]
---- mlx
a = slice(x, axis=0, start=1)
b = slice(x, axis=0, stop=-1)
not_equal(a, b)
---- python
return x[1:] != x[:-1]
