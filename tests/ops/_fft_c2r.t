z: c64[2, 3]
aten._fft_c2r.default(z, [1], 2, 4) : f32[2, 4]
