x: bool[2, 3]
y: f32[3]
aten.logical_xor.default(x, y) : bool[2, 3]
---- mlx
a = astype(y, dtype=bool)
not_equal(x, a)
---- python
return x != y.astype(mx.bool_)
