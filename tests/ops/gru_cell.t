x: f32[2, 4]
h: f32[2, 3]
w: f32[9, 4] = parameter "w"
v: f32[9, 3] = parameter "v"
b: f32[9] = parameter "b"
c: f32[9] = parameter "c"
aten.gru_cell.default(x, h, w, v, b, c) : f32[2, 3]
