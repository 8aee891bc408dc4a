x: f16[2, 3]
aten.new_zeros.default(x, [4]) : f16[4]
---- mlx
full(shape=[4], value=0, dtype=f16)
---- python
return mx.zeros((4,), dtype=mx.float16)
