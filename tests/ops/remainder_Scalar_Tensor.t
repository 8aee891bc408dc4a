x: f32[2, 3]
aten.remainder.Scalar_Tensor(7, x) : f32[2, 3]
---- mlx
remainder(7, x)
---- python
return 7 % x
