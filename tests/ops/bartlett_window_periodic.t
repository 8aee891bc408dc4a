x: f32[1]
aten.bartlett_window.periodic(8, False) : f32[8]
---- mlx
a = arange(stop=8, dtype=f32)
b = multiply(a, 0.2857142857142857)
c = subtract(2, b)
minimum(b, c)
---- python
multiply = mx.arange(8, dtype=mx.float32) * 0.2857142857142857
return mx.minimum(multiply, 2 - multiply)
