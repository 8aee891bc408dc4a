x: f32[1]
aten.empty.memory_format([2, 3]) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=0, dtype=f32)
---- python
return mx.zeros((2, 3), dtype=mx.float32)
