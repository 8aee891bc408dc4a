x: f32[3, 5]
aten.hardswish.default(x) : f32[3, 5]
---- mlx
a = add(x, 3)
b = maximum(a, 0)
c = minimum(b, 6)
d = divide(c, 6)
multiply(x, d)
---- python
return x * (mx.minimum(mx.maximum(x + 3, 0), 6) / 6)
