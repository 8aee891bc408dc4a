x: f32[2, 6, 5]
aten.native_group_norm.default(x, None, None, 2, 6, 5, 3, 1e-05) : f32[2, 6, 5], f32[2, 3], f32[2, 3]
