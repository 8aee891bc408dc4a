aten.ones.default([2, 3]) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=1, dtype=f32)
---- python
return mx.ones((2, 3), dtype=mx.float32)
