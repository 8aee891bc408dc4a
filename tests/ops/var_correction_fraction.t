x: f32[2, 3]
aten.var.correction(x, [1], correction=0.5) : f32[2]
---- mlx
a = var(x, axis=[1])
multiply(a, 1.2)
---- python
return mx.var(x, axis=(1,)) * 1.2
