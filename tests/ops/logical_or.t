x: f32[2]
y: bool[2]
aten.logical_or.default(x, y) : bool[2]
---- mlx
a = astype(x, dtype=bool)
logical_or(a, y)
---- python
return x.astype(mx.bool_) | y
