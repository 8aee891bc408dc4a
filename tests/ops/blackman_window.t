x: f32[1]
aten.blackman_window.default(8) : f32[8]
---- mlx
a = arange(stop=8, dtype=f32)
b = multiply(a, 0.7853981633974483)
c = cos(b)
d = multiply(c, 0.5)
e = subtract(0.42, d)
f = arange(stop=8, dtype=f32)
g = multiply(f, 1.5707963267948966)
h = cos(g)
i = multiply(h, 0.08)
add(e, i)
---- python
multiply = mx.cos(mx.arange(8, dtype=mx.float32) * 0.7853981633974483) * 0.5
return 0.42 - multiply + mx.cos(mx.arange(8, dtype=mx.float32) * 1.5707963267948966) * 0.08
