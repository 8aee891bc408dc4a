x: f32[2, 5, 4]
h: f32[2, 2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
w2: f32[12, 4] = parameter "w2"
v2: f32[12, 3] = parameter "v2"
aten.lstm.input(x, [h, h], [w, v, w2, v2], False, 1, 0.0, False, True, True) : f32[2, 5, 6], f32[2, 2, 3], f32[2, 2, 3]
