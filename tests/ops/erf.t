x: f32[2, 3]
aten.erf.default(x) : f32[2, 3]
---- mlx
erf(x)
---- python
return mx.erf(x)
