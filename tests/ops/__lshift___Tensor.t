x: i64[2]
y: i64[2]
aten.__lshift__.Tensor(x, y) : i64[2]
---- mlx
a = greater_equal(y, 64)
b = less(y, 0)
c = logical_or(b, a)
d = where(c, 0, y)
e = left_shift(x, d)
where(c, 0, e)
---- python
condition = (y < 0) | (y >= 64)
return mx.where(condition, 0, x << mx.where(condition, 0, y))
