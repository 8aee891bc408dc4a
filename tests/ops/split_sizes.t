x: f32[4, 6, 2]
a, b = aten.split.sizes(x, [1, 5], 1) : f32[4, 1, 2], f32[4, 5, 2]
return a, b
---- mlx
a, b = split(x, indices=[1], axis=1)
return a, b
---- python
x, split = mx.split(x, (1,), axis=1)
return x, split
