x: f32[3, 1]
aten.broadcast_to.default(x, [5, -1, 4]) : f32[5, 3, 4]
---- mlx
broadcast_to(x, shape=[5, 3, 4])
---- python
return mx.broadcast_to(x, shape=(5, 3, 4))
