x: f32[2, 3]
aten.gelu.default(x, approximate="tanh") : f32[2, 3]
---- mlx
gelu_approx(x)
---- python
return nn.gelu_approx(x)
