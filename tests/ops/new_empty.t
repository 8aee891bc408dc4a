x: f32[2, 3, 4]
aten.new_empty.default(x, [2]) : f32[2]
