z: c64[2, 3]
aten.fft_ifftn.default(z) : c64[2, 3]
