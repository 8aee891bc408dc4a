x: f32[2, 8]
aten.fft_fftshift.default(x) : f32[2, 8]
---- mlx
fftshift(x)
---- python
return mx.fft.fftshift(x)
