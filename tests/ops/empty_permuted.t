x: f32[1]
aten.empty_permuted.default([2, 3], [0, 1]) : f32[2, 3]
