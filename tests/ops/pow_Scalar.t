x: f32[2, 3]
aten.pow.Scalar(2, x) : f32[2, 3]
---- mlx
power(2, x)
---- python
return 2 ** x
