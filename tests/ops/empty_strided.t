x: f32[1]
aten.empty_strided.default([2, 3], [3, 1]) : f32[2, 3]
