x: f32[2, 3]
y: f32[2, 3]
aten.cross.default(x, y) : f32[2, 3]
---- mlx
cross(x, y, axis=1)
---- python
return mx.linalg.cross(x, y, axis=1)
