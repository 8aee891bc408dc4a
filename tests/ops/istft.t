z: c64[2, 5, 9]
w: f32[8]
aten.istft.default(z, 8, 4, None, w) : f32[2, 32]
