x: f32[2, 8]
aten.fft_fft2.default(x) : c64[2, 8]
---- mlx
fftn(x, axes=[0, 1])
---- python
return mx.fft.fftn(x, axes=(0, 1))
