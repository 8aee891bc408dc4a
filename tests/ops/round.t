x: f32[3, 5]
aten.round.default(x) : f32[3, 5]
---- mlx
round(x)
---- python
return mx.round(x)
