x: f32[2, 3]
aten.dropout.default(x, 0.5, False) : f32[2, 3]
---- mlx
return x
---- python
return x
