x: f32[2, 4, 4, 5, 4]
w: f32[6, 2, 2, 2, 2] = parameter "w"
b: f32[6] = parameter "b"
aten.conv3d.default(x, w, b, [1, 1, 1], [0, 0, 0], [1, 1, 1], 2) : f32[2, 6, 3, 4, 3]
