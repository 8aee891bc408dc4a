x: f16[2, 3]
aten.zeros_like.default(x) : f16[2, 3]
---- mlx
full(shape=[2, 3], value=0, dtype=f16)
---- python
return mx.zeros((2, 3), dtype=mx.float16)
