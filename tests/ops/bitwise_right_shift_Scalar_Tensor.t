x: i64[2]
aten.bitwise_right_shift.Scalar_Tensor(3, x) : i64[2]
---- mlx
a = full(shape=[], value=3, dtype=i64)
b = greater_equal(x, 64)
c = less(x, 0)
d = logical_or(c, b)
e = where(d, 0, x)
f = right_shift(a, e)
g = right_shift(a, 63)
where(d, g, f)
---- python
full = mx.full((), 3, dtype=mx.int64)
condition = (x < 0) | (x >= 64)
return mx.where(condition, full >> 63, full >> mx.where(condition, 0, x))
