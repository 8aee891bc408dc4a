x: f32[2, 7]
a, b, c = aten.chunk.default(x, 3, 1) : f32[2, 3], f32[2, 3], f32[2, 1]
return a, b, c
---- mlx
a, b, c = split(x, indices=[3, 6], axis=1)
return a, b, c
---- python
x, split, split_2 = mx.split(x, (3, 6), axis=1)
return x, split, split_2
