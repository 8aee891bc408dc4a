x: f32[2, 3, 4]
aten.msort.default(x) : f32[2, 3, 4]
