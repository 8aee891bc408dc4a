x: f32[2, 3]
aten.special_bessel_y1.default(x) : f32[2, 3]
