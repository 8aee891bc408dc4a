x: f32[1]
aten.empty_permuted.default([2, 3], [0, 1]) : f32[2, 3]
---- mlx
full(shape=[2, 3], value=0, dtype=f32)
---- python
return mx.zeros((2, 3), dtype=mx.float32)
