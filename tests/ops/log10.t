x: f32[2, 3]
aten.log10.default(x) : f32[2, 3]
---- mlx
log10(x)
---- python
return mx.log10(x)
