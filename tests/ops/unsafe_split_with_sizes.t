x: f32[4, 6, 2]
a, b = aten.unsafe_split_with_sizes.default(x, [1, 3]) : f32[1, 6, 2], f32[3, 6, 2]
return a, b
