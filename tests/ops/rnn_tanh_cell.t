x: f32[2, 4]
h: f32[2, 3]
w: f32[3, 4] = parameter "w"
v: f32[3, 3] = parameter "v"
b: f32[3] = parameter "b"
c: f32[3] = parameter "c"
aten.rnn_tanh_cell.default(x, h, w, v, b, c) : f32[2, 3]
