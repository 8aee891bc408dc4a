x: f32[3, 1]
aten.expand.default(x, [2, -1, 4]) : f32[2, 3, 4]
---- mlx
broadcast_to(x, shape=[2, 3, 4])
---- python
return mx.broadcast_to(x, shape=(2, 3, 4))
