x: f32[2, 4, 6, 6]
aten.upsample_bicubic2d.default(x, [6, 12], True) : f32[2, 4, 6, 12]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = arange(stop=12, dtype=f32)
c = multiply(b, 0.4545454680919647)
d = floor(c)
e = arange(start=-1, stop=3, dtype=i32)
f = astype(d, dtype=i32)
g = expand_dims(f, axis=1)
h = add(g, e)
i = maximum(h, 0)
j = minimum(i, 5)
k = subtract(c, d)
l = expand_dims(k, axis=1)
m = subtract(l, e)
n = abs(m)
o = multiply(n, 1.25)
p = add(o, -2.25)
q = multiply(p, n)
r = multiply(q, n)
s = add(r, 1.0)
t = multiply(n, -0.75)
u = add(t, 3.75)
v = multiply(u, n)
w = add(v, -6.0)
y = multiply(w, n)
z = add(y, 3.0)
a1 = less_equal(n, 1)
b1 = where(a1, s, z)
c1 = reshape(b1, shape=[1, 1, 12, 4, 1])
d1 = take(a, j, axis=2)
e1 = multiply(d1, c1)
f1 = sum(e1, axis=[3], keepdims=False)
transpose(f1, axes=[0, 3, 1, 2])
---- python
multiply = mx.arange(12, dtype=mx.float32) * 0.4545454680919647
multiply_2 = mx.floor(multiply)
arange = mx.arange(-1, 3)
maximum = mx.maximum(mx.expand_dims(multiply_2.astype(mx.int32), axis=1) + arange, 0)
multiply = mx.abs(mx.expand_dims(multiply - multiply_2, axis=1) - arange)
multiply_2 = multiply * 1.25
multiply_3 = ((multiply * -0.75 + 3.75) * multiply + -6.0) * multiply + 3.0
condition = multiply <= 1
where = mx.where(condition, (multiply_2 + -2.25) * multiply * multiply + 1.0, multiply_3)
where = where.reshape(1, 1, 12, 4, 1)
x = mx.take(x.transpose(0, 2, 3, 1), mx.minimum(maximum, 5), axis=2) * where
return mx.sum(x, axis=(3,), keepdims=False).transpose(0, 3, 1, 2)
