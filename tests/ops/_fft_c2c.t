z: c64[2, 3]
aten._fft_c2c.default(z, [0], 0, False) : c64[2, 3]
---- mlx
ifftn(z, axes=[0], norm="forward")
---- python
return mx.fft.ifftn(z, axes=(0,), norm="forward")
