x: f32[5, 2]
a, b, d = aten.tensor_split.indices(x, [1, -1]) : f32[1, 2], f32[3, 2], f32[1, 2]
return a, b, d
