x: f32[2, 3]
aten.special_modified_bessel_k0.default(x) : f32[2, 3]
