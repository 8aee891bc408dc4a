x: f32[2, 3]
aten.amax.default(x) : f32[]
---- mlx
max(x)
---- python
return mx.max(x)
