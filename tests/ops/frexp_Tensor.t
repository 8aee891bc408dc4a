x: f32[2, 3]
a, b = aten.frexp.Tensor(x) : f32[2, 3], i32[2, 3]
return a, b
