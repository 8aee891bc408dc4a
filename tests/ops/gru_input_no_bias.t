x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[9, 4] = parameter "w"
v: f32[9, 3] = parameter "v"
aten.gru.input(x, h, [w, v], False, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3]
