x: f32[2, 3]
aten.log.default(x) : f32[2, 3]
---- mlx
log(x)
---- python
return mx.log(x)
