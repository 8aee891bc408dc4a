v: f32[4, 3]
g: f32[4, 1]
aten._weight_norm.default(v, g) : f32[4, 3]
---- mlx
a = square(v)
b = sum(a, axis=[1], keepdims=True)
c = sqrt(b)
d = divide(g, c)
multiply(v, d)
---- python
v_2 = mx.sum(mx.square(v), axis=(1,), keepdims=True)
return v * (g / mx.sqrt(v_2))
