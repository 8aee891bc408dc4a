x: f32[4, 6, 2]
a, b = aten.hsplit.array(x, [1]) : f32[4, 1, 2], f32[4, 5, 2]
return a, b
