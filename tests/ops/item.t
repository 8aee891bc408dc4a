x: f32[3]
n: f32[]
a = aten.item.default(n) : float
aten.mul.Tensor(x, a) : f32[3]
---- mlx
multiply(x, n)
---- python
return x * n
