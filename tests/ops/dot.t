x: f32[3]
y: f32[3]
aten.dot.default(x, y) : f32[]
---- mlx
a = multiply(x, y)
sum(a)
---- python
return mx.sum(x * y)
