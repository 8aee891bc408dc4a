v: f32[4, 3]
g: f32[4, 1]
y0, y1 = aten._weight_norm_interface.default(v, g) : f32[4, 3], f32[4, 1]
return y0, y1
---- mlx
a = square(v)
b = sum(a, axis=[1], keepdims=True)
c = sqrt(b)
d = divide(g, c)
e = multiply(v, d)
f = square(v)
h = sum(f, axis=[1], keepdims=True)
i = sqrt(h)
return e, i
---- python
v_2 = mx.sum(mx.square(v), axis=(1,), keepdims=True)
return v * (g / mx.sqrt(v_2)), mx.sqrt(mx.sum(mx.square(v), axis=(1,), keepdims=True))
