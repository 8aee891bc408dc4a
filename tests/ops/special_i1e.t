x: f32[2, 3]
aten.special_i1e.default(x) : f32[2, 3]
