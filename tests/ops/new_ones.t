x: bool[2, 3]
aten.new_ones.default(x, [4]) : bool[4]
---- mlx
full(shape=[4], value=1, dtype=bool)
---- python
return mx.ones((4,), dtype=mx.bool_)
