x: f32[1]
aten.logspace.default(0, 2, 5) : f32[5]
---- mlx
a = linspace(start=0.0, stop=2.0, num=5, dtype=f32)
power(10.0, a)
---- python
return 10.0 ** mx.linspace(0.0, 2.0, 5, dtype=mx.float32)
