x: f32[2, 5, 4]
h: f32[1, 2, 3]
w: f32[3, 4] = parameter "w"
v: f32[3, 3] = parameter "v"
b: f32[3] = parameter "b"
c: f32[3] = parameter "c"
aten.rnn_tanh.input(x, h, [w, v, b, c], True, 1, 0.0, False, False, True) : f32[2, 5, 3], f32[1, 2, 3]
