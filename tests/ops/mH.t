x: f32[2, 3, 4]
aten.mH.default(x) : f32[2, 4, 3]
