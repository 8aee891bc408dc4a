x: f32[4, 6, 2]
a, b = aten.split.sizes(x, [1, 5], 1) : f32[4, 1, 2], f32[4, 5, 2]
return a, b
