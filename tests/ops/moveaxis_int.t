x: f32[2, 3, 4]
aten.moveaxis.int(x, 0, -1) : f32[3, 4, 2]
