x: f32[2, 3]
aten.pow.Tensor_Scalar(x, 3) : f32[2, 3]
---- mlx
power(x, 3)
---- python
return x ** 3
