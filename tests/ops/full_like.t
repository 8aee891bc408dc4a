x: f32[2, 3]
aten.full_like.default(x, 2) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=2, dtype=f32)
---- python
return mx.full((2, 3), 2, dtype=mx.float32)
