x: f32[2, 3]
low: f32[3]
aten.clamp_min.Tensor(x, low) : f32[2, 3]
---- mlx
maximum(x, low)
---- python
return mx.maximum(x, low)
