z: c64[2, 3]
aten.angle.default(z) : f32[2, 3]
