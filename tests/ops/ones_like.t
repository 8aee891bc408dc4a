x: i64[2, 3]
aten.ones_like.default(x, dtype=f32) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=1, dtype=f32)
---- python
return mx.ones((2, 3), dtype=mx.float32)
