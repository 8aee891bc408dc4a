x: f32[2, 3]
y: f32[2, 3]
aten.atan2.default(x, y) : f32[2, 3]
---- mlx
arctan2(x, y)
---- python
return mx.arctan2(x, y)
