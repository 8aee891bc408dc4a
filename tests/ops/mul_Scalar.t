x: f32[2, 3]
aten.mul.Scalar(x, 2.5) : f32[2, 3]
---- mlx
multiply(x, 2.5)
---- python
return x * 2.5
