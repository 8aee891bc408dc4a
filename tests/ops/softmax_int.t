x: f32[2, 3]
aten.softmax.int(x, -1) : f32[2, 3]
---- mlx
softmax(x, axis=1)
---- python
return mx.softmax(x, axis=1)
