x: f32[2, 8]
aten._fft_r2c.default(x, [1], 1, True) : c64[2, 5]
---- mlx
rfftn(x, axes=[1], norm="ortho")
---- python
return mx.fft.rfftn(x, axes=(1,), norm="ortho")
