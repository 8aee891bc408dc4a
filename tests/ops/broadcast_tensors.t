x: f32[3, 1]
y: f32[4]
a, b = aten.broadcast_tensors.default([x, y]) : f32[3, 4], f32[3, 4]
return a, b
---- mlx
a = broadcast_to(x, shape=[3, 4])
b = broadcast_to(y, shape=[3, 4])
return a, b
---- python
return mx.broadcast_to(x, shape=(3, 4)), mx.broadcast_to(y, shape=(3, 4))
