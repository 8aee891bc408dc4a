x: f32[2, 3]
aten.pow.Tensor_Scalar(x, 2) : f32[2, 3]
---- mlx
square(x)
---- python
return mx.square(x)
