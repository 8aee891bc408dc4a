x: f32[2, 3, 2]
aten.view_as_complex.default(x) : c64[2, 3]
