z: c64[2, 3]
aten.fft_ifft2.default(z) : c64[2, 3]
