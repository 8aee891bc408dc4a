x: f32[2, 3]
high: f32[3]
aten.clamp_max.Tensor(x, high) : f32[2, 3]
---- mlx
minimum(x, high)
---- python
return mx.minimum(x, high)
