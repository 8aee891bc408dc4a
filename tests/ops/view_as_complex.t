x: f32[2, 3, 2]
aten.view_as_complex.default(x) : c64[2, 3]
---- mlx
a = view(x, dtype=c64)
squeeze(a, axis=2)
---- python
return x.view(mx.complex64).squeeze(2)
