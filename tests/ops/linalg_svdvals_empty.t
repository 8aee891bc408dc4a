x: f32[2, 0, 3]
aten.linalg_svdvals.default(x) : f32[2, 0]
---- mlx
full(shape=[2, 0], value=0, dtype=f32)
---- python
return mx.zeros((2, 0), dtype=mx.float32)
