x: f32[2, 3]
aten.silu.default(x) : f32[2, 3]
---- mlx
silu(x)
---- python
return nn.silu(x)
