x: f32[3, 4]
aten.diagonal.default(x, 7) : f32[0]
---- mlx
full(shape=[0], value=0, dtype=f32)
---- python
return mx.zeros((0,), dtype=mx.float32)
