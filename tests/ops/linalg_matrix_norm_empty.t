x: f32[2, 0, 4]
aten.linalg_matrix_norm.default(x, 2) : f32[2]
---- mlx
full(shape=[2], value=0, dtype=f32)
---- python
return mx.zeros((2,), dtype=mx.float32)
