aten.scalar_tensor.default(1.5) : f32[]
---- mlx
full(shape=[], value=1.5, dtype=f32)
---- python
return mx.full((), 1.5, dtype=mx.float32)
