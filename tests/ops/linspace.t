x: f32[1]
aten.linspace.default(0, 1, 5) : f32[5]
---- mlx
linspace(start=0.0, stop=1.0, num=5, dtype=f32)
---- python
return mx.linspace(0.0, 1.0, 5, dtype=mx.float32)
