x: f32[2]
aten.logical_not.default(x) : bool[2]
---- mlx
a = astype(x, dtype=bool)
logical_not(a)
---- python
return mx.logical_not(x.astype(mx.bool_))
