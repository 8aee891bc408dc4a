x: f32[2, 8]
aten._fft_r2c.default(x, [1], 1, True) : c64[2, 5]
