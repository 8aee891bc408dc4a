x: f32[1]
aten.hann_window.periodic(8, False) : f32[8]
---- mlx
a = arange(stop=8, dtype=f32)
b = multiply(a, 0.8975979010256552)
c = cos(b)
d = multiply(c, 0.5)
subtract(0.5, d)
---- python
return 0.5 - mx.cos(mx.arange(8, dtype=mx.float32) * 0.8975979010256552) * 0.5
