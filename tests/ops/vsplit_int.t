x: f32[4, 6, 2]
a, b = aten.vsplit.int(x, 2) : f32[2, 6, 2], f32[2, 6, 2]
return a, b
---- mlx
a = int_floordiv(a=4, b=2)
b, c = split(x, indices=[2], axis=0)
return b, c
---- python
x, split = mx.split(x, (2,), axis=0)
return x, split
