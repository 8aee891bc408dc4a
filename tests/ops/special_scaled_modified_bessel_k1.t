x: f32[2, 3]
aten.special_scaled_modified_bessel_k1.default(x) : f32[2, 3]
