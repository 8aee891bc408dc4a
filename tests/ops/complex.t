x: f32[3]
y: f32[3]
aten.complex.default(x, y) : c64[3]
---- mlx
a = stack([x, y], axis=1)
b = view(a, dtype=c64)
squeeze(b, axis=1)
---- python
return mx.stack([x, y], axis=1).view(mx.complex64).squeeze(1)
