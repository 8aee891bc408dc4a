x: f32[2, 3, 4]
aten.moveaxis.intlist(x, [0, 1], [-1, 0]) : f32[3, 4, 2]
