x: f32[2, 4, 3, 3, 3]
w: f32[4, 3, 2, 2, 2] = parameter "w"
aten.conv_transpose3d.input(x, w, None, [1, 1, 1], [0, 0, 0], [0, 0, 0], 2) : f32[2, 6, 4, 4, 4]
