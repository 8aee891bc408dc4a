x: f32[4, 6, 2]
a, b = aten.unsafe_split_with_sizes.default(x, [1, 3]) : f32[1, 6, 2], f32[3, 6, 2]
return a, b
---- mlx
a, b = split(x, indices=[1], axis=0)
return a, b
---- python
x, split = mx.split(x, (1,), axis=0)
return x, split
