x: f32[2, 3]
aten.sigmoid.default(x) : f32[2, 3]
---- mlx
sigmoid(x)
---- python
return mx.sigmoid(x)
