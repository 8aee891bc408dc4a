x: f32[6]
aten.remainder.Scalar(x, 2) : f32[6]
---- mlx
remainder(x, 2)
---- python
return x % 2
