x: f32[2]
y: bool[2]
aten.logical_and.default(x, y) : bool[2]
---- mlx
a = astype(x, dtype=bool)
logical_and(a, y)
---- python
return x.astype(mx.bool_) & y
