x: f32[4, 6, 2]
a, b = aten.hsplit.array(x, [1]) : f32[4, 1, 2], f32[4, 5, 2]
return a, b
---- mlx
a = slice(x, axis=1, stop=1)
b = slice(x, axis=1, start=1)
return a, b
---- python
return x[:, :1], x[:, 1:]
