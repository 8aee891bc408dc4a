z: c64[2, 3]
aten.view_as_real.default(z) : f32[2, 3, 2]
