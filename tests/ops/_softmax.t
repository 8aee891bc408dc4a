x: f32[2, 3]
aten._softmax.default(x, 1, False) : f32[2, 3]
---- mlx
softmax(x, axis=1)
---- python
return mx.softmax(x, axis=1)
