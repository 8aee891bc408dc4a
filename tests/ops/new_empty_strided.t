x: f32[2, 3, 4]
aten.new_empty_strided.default(x, [2, 3], [3, 1]) : f32[2, 3]
