x: f32[2, 4]
h: f32[2, 3]
w: f32[12, 4] = parameter "w"
v: f32[12, 3] = parameter "v"
b: f32[12] = parameter "b"
c: f32[12] = parameter "c"
aten.lstm_cell.default(x, [h, h], w, v, b, c) : f32[2, 3], f32[2, 3]
