a: f32[3, 3]
aten.linalg_det.default(a) : f32[]
