a: f32[3, 4]
b: f32[3, 5]
w: f32[6, 4, 5] = parameter "w"
aten.bilinear.default(a, b, w) : f32[3, 6]
