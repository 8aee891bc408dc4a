x: f32[5, 2]
a, b, d = aten.tensor_split.indices(x, [1, -1]) : f32[1, 2], f32[3, 2], f32[1, 2]
return a, b, d
---- mlx
a = slice(x, axis=0, stop=1)
b = slice(x, axis=0, start=1, stop=-1)
c = slice(x, axis=0, start=-1)
return a, b, c
---- python
x_2 = x[:1]
x_3 = x[1:-1]
x = x[-1:]
return x_2, x_3, x
