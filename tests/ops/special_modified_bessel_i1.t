x: f32[2, 3]
aten.special_modified_bessel_i1.default(x) : f32[2, 3]
