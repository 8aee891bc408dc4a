x: f32[2, 3]
low: f32[3]
high: f32[2, 1]
aten.clamp.Tensor(x, low, high) : f32[2, 3]
---- mlx
a = maximum(x, low)
minimum(a, high)
---- python
return mx.minimum(mx.maximum(x, low), high)
