x: f32[2, 8]
a, b = aten.split_with_sizes.default(x, [5, 3], -1) : f32[2, 5], f32[2, 3]
return a, b
---- mlx
a, b = split(x, indices=[5], axis=1)
return a, b
---- python
x, split = mx.split(x, (5,), axis=1)
return x, split
