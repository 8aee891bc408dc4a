x: f32[4, 6, 2]
a, b = aten.dsplit.array(x, [1]) : f32[4, 6, 1], f32[4, 6, 1]
return a, b
---- mlx
a = slice(x, axis=2, stop=1)
b = slice(x, axis=2, start=1)
return a, b
---- python
return x[..., :1], x[..., 1:]
