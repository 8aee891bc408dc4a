aten.arange.default(6, dtype=f32) : f32[6]
---- mlx
arange(stop=6, dtype=f32)
---- python
return mx.arange(6, dtype=mx.float32)
