x: f32[4, 6, 2]
a, b = aten.dsplit.int(x, 2) : f32[4, 6, 1], f32[4, 6, 1]
return a, b
---- mlx
a = int_floordiv(a=2, b=2)
b, c = split(x, indices=[1], axis=2)
return b, c
---- python
x, split = mx.split(x, (1,), axis=2)
return x, split
