x: f32[2, 3]
aten.relu.default(x) : f32[2, 3]
---- mlx
relu(x)
---- python
return nn.relu(x)
