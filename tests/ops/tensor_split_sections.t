x: f32[5, 2]
a, b = aten.tensor_split.sections(x, 2) : f32[3, 2], f32[2, 2]
return a, b
