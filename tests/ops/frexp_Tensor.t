x: f32[2, 3]
a, b = aten.frexp.Tensor(x) : f32[2, 3], i32[2, 3]
return a, b
---- mlx
a = abs(x)
b = less(a, 1.1754943508222875e-38)
c = multiply(x, 16777216.0)
d = where(b, c, x)
e = bits(d, dtype=i32)
f = right_shift(e, 23)
g = bitwise_and(f, 255)
h = bitwise_and(e, -2139095041)
i = bitwise_or(h, 1056964608)
j = isfinite(x)
k = logical_not(j)
l = equal(x, 0)
m = logical_or(l, k)
n = where(b, 150, 126)
o = subtract(g, n)
p = bits(i, dtype=f32)
q = where(m, x, p)
r = where(m, 0, o)
return q, r
---- python
condition = mx.abs(x) < 1.1754943508222875e-38
bits = mx.where(condition, x * 16777216.0, x).view(mx.int32)
condition_2 = (x == 0) | mx.logical_not(mx.isfinite(x))
where = mx.where(condition_2, 0, (bits >> 23 & 255) - mx.where(condition, 150, 126))
return mx.where(condition_2, x, (bits & -2139095041 | 1056964608).view(mx.float32)), where
