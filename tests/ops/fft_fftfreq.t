x: f32[1]
aten.fft_fftfreq.default(5, 0.5) : f32[5]
---- mlx
a = arange(stop=3, dtype=f32)
b = arange(start=-2, stop=0, dtype=f32)
c = concatenate([a, b], axis=0)
multiply(c, 0.4)
---- python
arange = mx.arange(3, dtype=mx.float32)
return mx.concatenate([arange, mx.arange(-2, 0, dtype=mx.float32)], axis=0) * 0.4
