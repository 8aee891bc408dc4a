x: f32[2, 3]
y: f32[3]
aten.max.other(x, y) : f32[2, 3]
---- mlx
maximum(x, y)
---- python
return mx.maximum(x, y)
