x: f32[4, 6, 2]
a, b = aten.hsplit.int(x, 2) : f32[4, 3, 2], f32[4, 3, 2]
return a, b
---- mlx
a = int_floordiv(a=6, b=2)
b, c = split(x, indices=[3], axis=1)
return b, c
---- python
x, split = mx.split(x, (3,), axis=1)
return x, split
