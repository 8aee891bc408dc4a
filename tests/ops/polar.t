x: f32[3]
y: f32[3]
aten.polar.default(x, y) : c64[3]
---- mlx
a = sin(y)
b = multiply(x, a)
c = cos(y)
d = multiply(x, c)
e = stack([d, b], axis=1)
f = view(e, dtype=c64)
squeeze(f, axis=1)
---- python
return mx.stack([x * mx.cos(y), x * mx.sin(y)], axis=1).view(mx.complex64).squeeze(1)
