x: f32[2, 3]
aten.asinh.default(x) : f32[2, 3]
---- mlx
arcsinh(x)
---- python
return mx.arcsinh(x)
