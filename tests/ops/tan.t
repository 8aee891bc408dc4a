x: f32[3, 5]
aten.tan.default(x) : f32[3, 5]
---- mlx
tan(x)
---- python
return mx.tan(x)
