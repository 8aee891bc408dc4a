x: f32[2, 5, 4]
h: f32[1, 2, 2]
c: f32[1, 2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 2] = parameter "v"
r: f32[2, 3] = parameter "r"
aten.lstm.input(x, [h, c], [w, v, r], False, 1, 0.0, False, False, True) : f32[2, 5, 2], f32[1, 2, 2], f32[1, 2, 3]
