aten.full.default([2, 3], 0.5) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=0.5, dtype=f32)
---- python
return mx.full((2, 3), 0.5, dtype=mx.float32)
