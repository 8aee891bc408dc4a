x: f32[2, 8]
aten.fft_rfftn.default(x, [4, 6]) : c64[4, 4]
---- mlx
rfftn(x, n=[4, 6], axes=[0, 1])
---- python
return mx.fft.rfftn(x, (4, 6), (0, 1))
