x: f32[2, 3]
y: f32[]
aten.fill.Tensor(x, y) : f32[2, 3]
---- mlx
broadcast_to(y, shape=[2, 3])
---- python
return mx.broadcast_to(y, shape=(2, 3))
