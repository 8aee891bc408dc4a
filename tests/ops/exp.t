x: f32[2, 3]
aten.exp.default(x) : f32[2, 3]
---- mlx
exp(x)
---- python
return mx.exp(x)
