aten.arange.start_step(0.0, 1.0, 0.1) : f32[10]
---- mlx
a = arange(stop=10, dtype=f32)
multiply(a, 0.1)
---- python
return mx.arange(10, dtype=mx.float32) * 0.1
