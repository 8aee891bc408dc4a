x: f32[2, 8]
aten.fft_fft.default(x) : c64[2, 8]
---- mlx
fft(x, axes=[1])
---- python
return mx.fft.fft(x, axis=1)
