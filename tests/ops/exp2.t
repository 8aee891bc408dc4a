x: f32[2, 3]
aten.exp2.default(x) : f32[2, 3]
---- mlx
power(2, x)
---- python
return 2 ** x
