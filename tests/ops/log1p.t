x: f32[3, 5]
aten.log1p.default(x) : f32[3, 5]
---- mlx
log1p(x)
---- python
return mx.log1p(x)
