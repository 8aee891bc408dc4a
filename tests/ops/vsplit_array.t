x: f32[4, 6, 2]
a, b = aten.vsplit.array(x, [1]) : f32[1, 6, 2], f32[3, 6, 2]
return a, b
