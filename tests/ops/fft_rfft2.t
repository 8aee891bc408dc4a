x: f32[2, 8]
aten.fft_rfft2.default(x) : c64[2, 5]
---- mlx
rfftn(x, axes=[0, 1])
---- python
return mx.fft.rfftn(x, axes=(0, 1))
