x: f32[1]
aten.fft_rfftfreq.default(5) : f32[3]
---- mlx
a = arange(stop=3, dtype=f32)
multiply(a, 0.2)
---- python
return mx.arange(3, dtype=mx.float32) * 0.2
