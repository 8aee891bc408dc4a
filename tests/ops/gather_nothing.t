x: f32[5]
index: i64[2, 0]
aten.gather.default(x, 0, index) : f32[2, 0]
---- mlx
full(shape=[2, 0], value=0, dtype=f32)
---- python
return mx.zeros((2, 0), dtype=mx.float32)
