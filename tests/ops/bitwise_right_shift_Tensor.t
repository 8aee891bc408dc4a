x: i64[2]
y: i64[2]
aten.bitwise_right_shift.Tensor(x, y) : i64[2]
---- mlx
a = greater_equal(y, 64)
b = less(y, 0)
c = logical_or(b, a)
d = where(c, 0, y)
e = right_shift(x, d)
f = right_shift(x, 63)
where(c, f, e)
---- python
condition = (y < 0) | (y >= 64)
return mx.where(condition, x >> 63, x >> mx.where(condition, 0, y))
