x: f32[2, 3, 4]
aten.unflatten.int(x, 2, [2, -1]) : f32[2, 3, 2, 2]
