x: f32[6]
y: f32[6]
aten.remainder.Tensor(x, y) : f32[6]
---- mlx
remainder(x, y)
---- python
return x % y
