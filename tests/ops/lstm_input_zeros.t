x: f32[5, 2, 4]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
h = aten.zeros.default([1, 2, 3]) : f32[1, 2, 3]
aten.lstm.input(x, [h, h], [w, v], False, 1, 0.0, False, False, False) : f32[5, 2, 3], f32[1, 2, 3], f32[1, 2, 3]
