x: f32[2, 3, 4]
aten.numpy_T.default(x) : f32[4, 3, 2]
