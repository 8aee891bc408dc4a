x: f32[2, 3]
aten.reciprocal.default(x) : f32[2, 3]
---- mlx
reciprocal(x)
---- python
return mx.reciprocal(x)
