x: f32[4, 6, 2]
a, b = aten.hsplit.int(x, 2) : f32[4, 3, 2], f32[4, 3, 2]
return a, b
