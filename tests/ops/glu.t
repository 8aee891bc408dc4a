x: f32[3, 4]
aten.glu.default(x) : f32[3, 2]
---- mlx
a, b = split(x, indices=[2], axis=1)
c = sigmoid(b)
multiply(a, c)
---- python
x, split = mx.split(x, (2,), axis=1)
return x * mx.sigmoid(split)
