x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[9, 4] = parameter "w"
v: f32[9, 3] = parameter "v"
b: f32[9] = parameter "b"
c: f32[9] = parameter "c"
aten.gru.input(x, h, [w, v, b, c], True, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3]
