x: f32[4, 6, 2]
a, b = aten.vsplit.array(x, [1]) : f32[1, 6, 2], f32[3, 6, 2]
return a, b
---- mlx
a = slice(x, axis=0, stop=1)
b = slice(x, axis=0, start=1)
return a, b
---- python
return x[:1], x[1:]
