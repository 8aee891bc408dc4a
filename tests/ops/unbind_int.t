x: f32[2, 3]
a, b = aten.unbind.int(x) : f32[3], f32[3]
return a, b
---- mlx
a = select(x, axis=0, index=0)
b = select(x, axis=0, index=1)
return a, b
---- python
return x[0], x[1]
