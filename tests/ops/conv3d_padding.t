x: f32[2, 3, 4, 5, 4]
w: f32[4, 3, 2, 3, 1] = parameter "w"
aten.conv3d.padding(x, w, None, [1, 1, 1], "same") : f32[2, 4, 4, 5, 4]
