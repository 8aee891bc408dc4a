z: c64[2, 3]
aten._fft_c2r.default(z, [1], 2, 4) : f32[2, 4]
---- mlx
irfftn(z, n=[4], axes=[1])
---- python
return mx.fft.irfftn(z, (4,), (1,))
