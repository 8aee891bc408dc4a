x: i64[2]
aten.bitwise_left_shift.Scalar_Tensor(3, x) : i64[2]
---- mlx
a = full(shape=[], value=3, dtype=i64)
b = greater_equal(x, 64)
c = less(x, 0)
d = logical_or(c, b)
e = where(d, 0, x)
f = left_shift(a, e)
where(d, 0, f)
---- python
condition = (x < 0) | (x >= 64)
return mx.where(condition, 0, mx.full((), 3, dtype=mx.int64) << mx.where(condition, 0, x))
