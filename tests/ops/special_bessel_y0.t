x: f32[2, 3]
aten.special_bessel_y0.default(x) : f32[2, 3]
