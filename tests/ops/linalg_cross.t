x: f32[2, 3]
y: f32[1, 3]
aten.linalg_cross.default(x, y) : f32[2, 3]
---- mlx
a = broadcast_to(y, shape=[2, 3])
cross(x, a, axis=1)
---- python
return mx.linalg.cross(x, mx.broadcast_to(y, shape=(2, 3)), axis=1)
