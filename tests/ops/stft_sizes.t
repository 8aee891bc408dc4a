symbol s0: 32..4096
x: f32[2, s0]
w: f32[8]
aten.stft.default(x, 8, 4, None, w, return_complex=True) : c64[2, 5, (s0 - 8)//4 + 1]
