x: f32[2, 3, 4]
aten.mT.default(x) : f32[2, 4, 3]
