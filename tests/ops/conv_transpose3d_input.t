x: f32[2, 3, 4, 4, 4]
w: f32[3, 5, 2, 2, 2] = parameter "w"
b: f32[5] = parameter "b"
aten.conv_transpose3d.input(x, w, b, [2, 2, 2]) : f32[2, 5, 8, 8, 8]
