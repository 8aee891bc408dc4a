x: f32[1]
aten.hamming_window.periodic_alpha_beta(8, True, 0.6, 0.4) : f32[8]
---- mlx
a = arange(stop=8, dtype=f32)
b = multiply(a, 0.7853981633974483)
c = cos(b)
d = multiply(c, 0.4)
subtract(0.6, d)
---- python
return 0.6 - mx.cos(mx.arange(8, dtype=mx.float32) * 0.7853981633974483) * 0.4
