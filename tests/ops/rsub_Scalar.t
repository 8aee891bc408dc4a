x: f32[2, 3]
aten.rsub.Scalar(x, 1.0) : f32[2, 3]
---- mlx
subtract(1.0, x)
---- python
return 1.0 - x
