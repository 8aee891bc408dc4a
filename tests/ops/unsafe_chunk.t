x: f32[4, 6, 2]
a, b = aten.unsafe_chunk.default(x, 2) : f32[2, 6, 2], f32[2, 6, 2]
return a, b
---- mlx
a, b = split(x, indices=[2], axis=0)
return a, b
---- python
x, split = mx.split(x, (2,), axis=0)
return x, split
