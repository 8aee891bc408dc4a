x: f32[1]
aten.blackman_window.periodic(8, False) : f32[8]
---- mlx
a = arange(stop=8, dtype=f32)
b = multiply(a, 0.8975979010256552)
c = cos(b)
d = multiply(c, 0.5)
e = subtract(0.42, d)
f = arange(stop=8, dtype=f32)
g = multiply(f, 1.7951958020513104)
h = cos(g)
i = multiply(h, 0.08)
add(e, i)
---- python
multiply = mx.cos(mx.arange(8, dtype=mx.float32) * 0.8975979010256552) * 0.5
return 0.42 - multiply + mx.cos(mx.arange(8, dtype=mx.float32) * 1.7951958020513104) * 0.08
