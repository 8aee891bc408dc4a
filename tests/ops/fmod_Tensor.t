x: f32[6]
y: f32[6]
aten.fmod.Tensor(x, y) : f32[6]
---- mlx
a = abs(y)
b = abs(x)
c = remainder(b, a)
d = negative(c)
e = less(x, 0)
where(e, d, c)
---- python
x_2 = mx.abs(x) % mx.abs(y)
return mx.where(x < 0, -x_2, x_2)
