x: f32[2, 3, 8]
w: f32[4, 3, 3] = parameter "w"
aten.convolution.default(x, w, None, [1], [1], [1], False, [0], 1) : f32[2, 4, 8]
