x: f32[2, 3, 8]
w: f32[3, 4, 2] = parameter "w"
aten.convolution.default(x, w, None, [2], [0], [1], True, [0], 1) : f32[2, 4, 16]
