x: f32[5, 2]
a, b = aten.tensor_split.sections(x, 2) : f32[3, 2], f32[2, 2]
return a, b
---- mlx
a = int_floordiv(a=5, b=2)
b, c = split(x, indices=[3], axis=0)
return b, c
---- python
x, split = mx.split(x, (3,), axis=0)
return x, split
