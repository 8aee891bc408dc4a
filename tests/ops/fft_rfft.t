x: f32[2, 8]
aten.fft_rfft.default(x, 6, -1, "ortho") : c64[2, 4]
---- mlx
rfft(x, n=[6], axes=[1], norm="ortho")
---- python
return mx.fft.rfft(x, 6, 1, norm="ortho")
