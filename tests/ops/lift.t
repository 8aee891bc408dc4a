x: f32[2, 3, 4]
aten.lift.default(x) : f32[2, 3, 4]
