x: f32[2, 3]
aten.tanh.default(x) : f32[2, 3]
---- mlx
tanh(x)
---- python
return mx.tanh(x)
