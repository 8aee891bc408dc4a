x: i64[2]
y: i64[2]
aten.pow.Tensor_Tensor(x, y) : i64[2]
---- mlx
a = abs(y)
b = power(x, a)
c = abs(x)
d = not_equal(c, 1)
e = less(y, 0)
f = logical_and(e, d)
where(f, 0, b)
---- python
return mx.where((y < 0) & (mx.abs(x) != 1), 0, x ** mx.abs(y))
