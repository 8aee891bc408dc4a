x: f32[2, 3]
y: f32[3]
aten.pow.Tensor_Tensor(x, y) : f32[2, 3]
---- mlx
power(x, y)
---- python
return x ** y
