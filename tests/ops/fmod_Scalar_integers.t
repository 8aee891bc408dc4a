x: i64[2]
aten.fmod.Scalar(x, 2) : i64[2]
---- mlx
a = abs(x)
b = remainder(a, 2)
c = negative(b)
d = less(x, 0)
where(d, c, b)
---- python
x_2 = mx.abs(x) % 2
return mx.where(x < 0, -x_2, x_2)
