x: f32[1]
aten.bartlett_window.default(8) : f32[8]
---- mlx
a = arange(stop=8, dtype=f32)
b = multiply(a, 0.25)
c = subtract(2, b)
minimum(b, c)
---- python
multiply = mx.arange(8, dtype=mx.float32) * 0.25
return mx.minimum(multiply, 2 - multiply)
