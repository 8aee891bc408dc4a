x: f32[2, 3]
aten.gelu.default(x) : f32[2, 3]
---- mlx
gelu(x)
---- python
return nn.gelu(x)
