x: f32[4, 6, 2]
a, b = aten.vsplit.int(x, 2) : f32[2, 6, 2], f32[2, 6, 2]
return a, b
