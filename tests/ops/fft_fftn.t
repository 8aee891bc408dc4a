x: f32[2, 8]
aten.fft_fftn.default(x, None, [0]) : c64[2, 8]
---- mlx
fftn(x, axes=[0])
---- python
return mx.fft.fftn(x, axes=(0,))
