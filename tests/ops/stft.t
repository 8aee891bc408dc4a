x: f32[2, 32]
w: f32[6]
aten.stft.default(x, 8, 4, 6, w) : c64[2, 5, 7]
