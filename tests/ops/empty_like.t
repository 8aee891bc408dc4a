x: f32[2, 3, 4]
aten.empty_like.default(x) : f32[2, 3, 4]
