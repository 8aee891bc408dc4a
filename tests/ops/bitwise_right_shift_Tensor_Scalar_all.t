x: i64[2]
aten.bitwise_right_shift.Tensor_Scalar(x, 70) : i64[2]
---- mlx
a = full(shape=[], value=70, dtype=i64)
b = greater_equal(a, 64)
c = less(a, 0)
d = logical_or(c, b)
e = where(d, 0, a)
f = right_shift(x, e)
g = right_shift(x, 63)
where(d, g, f)
---- python
full = mx.full((), 70, dtype=mx.int64)
condition = (full < 0) | (full >= 64)
return mx.where(condition, x >> 63, x >> mx.where(condition, 0, full))
