x: f32[2, 3]
y: f32[3]
aten.min.other(x, y) : f32[2, 3]
---- mlx
minimum(x, y)
---- python
return mx.minimum(x, y)
