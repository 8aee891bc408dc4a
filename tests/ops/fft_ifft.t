z: c64[2, 3]
aten.fft_ifft.default(z) : c64[2, 3]
