x: f32[2, 3, 4]
aten.adjoint.default(x) : f32[2, 4, 3]
