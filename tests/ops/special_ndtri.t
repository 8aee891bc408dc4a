x: f32[2, 3]
aten.special_ndtri.default(x) : f32[2, 3]
