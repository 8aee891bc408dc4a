x: f32[2, 3, 4]
aten.new_empty_strided.default(x, [2, 3], [3, 1]) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=0, dtype=f32)
---- python
return mx.zeros((2, 3), dtype=mx.float32)
