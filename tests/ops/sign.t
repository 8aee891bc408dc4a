x: f32[3, 5]
aten.sign.default(x) : f32[3, 5]
---- mlx
sign(x)
---- python
return mx.sign(x)
