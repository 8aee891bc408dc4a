x: f32[4, 6, 2]
a, b = aten.dsplit.array(x, [1]) : f32[4, 6, 1], f32[4, 6, 1]
return a, b
