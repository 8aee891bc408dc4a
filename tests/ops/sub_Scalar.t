x: f32[2, 3]
aten.sub.Scalar(x, 2) : f32[2, 3]
---- mlx
subtract(x, 2)
---- python
return x - 2
