symbol s0: 1..64
symbol s1: 1..64
x: f32[s0, 6]
a, b = aten.split.Tensor(x, 3, -1) : f32[s0, 3], f32[s0, 3]
return a, b
---- mlx
a, b = split(x, indices=[3], axis=1)
return a, b
---- python
x, split = mx.split(x, (3,), axis=1)
return x, split
