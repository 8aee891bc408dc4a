x: f32[2, 3]
aten.special_bessel_j0.default(x) : f32[2, 3]
