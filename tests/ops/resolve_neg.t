x: f32[3]
aten.resolve_neg.default(x) : f32[3]
