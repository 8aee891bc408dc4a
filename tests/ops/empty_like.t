x: f32[2, 3, 4]
aten.empty_like.default(x) : f32[2, 3, 4]
---- mlx
full(shape=[2, 3, 4], value=0, dtype=f32)
---- python
return mx.zeros((2, 3, 4), dtype=mx.float32)
