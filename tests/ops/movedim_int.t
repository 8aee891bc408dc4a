x: f32[2, 3, 4]
aten.movedim.int(x, 0, -1) : f32[3, 4, 2]
