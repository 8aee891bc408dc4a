x: f32[2, 3, 8]
w: f32[4, 3, 2] = parameter "w"
aten.conv1d.padding(x, w, None, [1], "same") : f32[2, 4, 8]
