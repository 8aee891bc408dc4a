x: f32[2, 3, 4]
y: f32[3, 4, 5]
aten.tensordot.default(x, y, [1, 2], [0, 1]) : f32[2, 5]
