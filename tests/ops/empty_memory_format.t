x: f32[1]
aten.empty.memory_format([2, 3]) : f32[2, 3]
