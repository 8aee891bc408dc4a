x: f32[2, 3]
aten.div.Scalar(x, 3) : f32[2, 3]
---- mlx
divide(x, 3)
---- python
return x / 3
