x: f32[2, 3]
y: bool[3]
aten.mul.Tensor(x, y) : f32[2, 3]
---- mlx
a = astype(y, dtype=f32)
multiply(x, a)
---- python
return x * y.astype(mx.float32)
