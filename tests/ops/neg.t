x: f32[2, 3]
aten.neg.default(x) : f32[2, 3]
---- mlx
negative(x)
---- python
return -x
