x: f32[2, 4, 6, 6]
aten.upsample_bicubic2d.vec(x, [9, 6], False, None) : f32[2, 4, 9, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = arange(stop=9, dtype=f32)
c = add(b, 0.5)
d = multiply(c, 0.6666666865348816)
e = subtract(d, 0.5)
f = floor(e)
g = arange(start=-1, stop=3, dtype=i32)
h = astype(f, dtype=i32)
i = expand_dims(h, axis=1)
j = add(i, g)
k = maximum(j, 0)
l = minimum(k, 5)
m = subtract(e, f)
n = expand_dims(m, axis=1)
o = subtract(n, g)
p = abs(o)
q = multiply(p, 1.25)
r = add(q, -2.25)
s = multiply(r, p)
t = multiply(s, p)
u = add(t, 1.0)
v = multiply(p, -0.75)
w = add(v, 3.75)
y = multiply(w, p)
z = add(y, -6.0)
a1 = multiply(z, p)
b1 = add(a1, 3.0)
c1 = less_equal(p, 1)
d1 = where(c1, u, b1)
e1 = reshape(d1, shape=[1, 9, 4, 1, 1])
f1 = take(a, l, axis=1)
g1 = multiply(f1, e1)
h1 = sum(g1, axis=[2], keepdims=False)
transpose(h1, axes=[0, 3, 1, 2])
---- python
subtract = (mx.arange(9, dtype=mx.float32) + 0.5) * 0.6666666865348816 - 0.5
subtract_2 = mx.floor(subtract)
arange = mx.arange(-1, 3)
add = mx.expand_dims(subtract_2.astype(mx.int32), axis=1) + arange
subtract = mx.abs(mx.expand_dims(subtract - subtract_2, axis=1) - arange)
subtract_2 = subtract * 1.25
subtract_3 = ((subtract * -0.75 + 3.75) * subtract + -6.0) * subtract + 3.0
condition = subtract <= 1
where = mx.where(condition, (subtract_2 + -2.25) * subtract * subtract + 1.0, subtract_3)
where = where.reshape(1, 9, 4, 1, 1)
x = mx.take(x.transpose(0, 2, 3, 1), mx.minimum(mx.maximum(add, 0), 5), axis=1) * where
return mx.sum(x, axis=(2,), keepdims=False).transpose(0, 3, 1, 2)
