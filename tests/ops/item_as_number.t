x: f32[2, 3]
n: f32[]
a = aten.item.default(n) : float
aten.pow.Tensor_Scalar(x, a) : f32[2, 3]
---- mlx
power(x, n)
---- python
return x ** n
