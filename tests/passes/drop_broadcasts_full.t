# pass: drop_broadcasts dce
x: i64[2, 3]
h: f16[3]
p: bool[2, 3]
a = full(shape=(2, 3), value=15, dtype=i64)
b = minimum(x, a)
c = full(shape=(3,), value=1, dtype=f16)
d = add(h, c)
e = full(shape=(4, 2, 3), value=0, dtype=i64)
f = add(x, e)
g = full(shape=(2, 3), value=0.5, dtype=f32)
i = add(x, g)
j = where(p, g, 1.0)
k = full(shape=(2, 3), value=5000000000, dtype=i64)
l = add(x, k)
m = bitwise_or(a, x)
n = bitwise_or(x, a)
return b, d, f, i, j, l, m, n
---- after
x: i64[2, 3]
h: f16[3]
p: bool[2, 3]
a = full(shape=[2, 3], value=15, dtype=i64)
b = minimum(x, 15)
d = add(h, 1.0)
e = full(shape=[4, 2, 3], value=0, dtype=i64)
f = add(x, e)
g = full(shape=[2, 3], value=0.5, dtype=f32)
i = add(x, g)
j = where(p, g, 1.0)
k = full(shape=[2, 3], value=5000000000, dtype=i64)
l = add(x, k)
m = bitwise_or(a, x)
n = bitwise_or(x, 15)
return b, d, f, i, j, l, m, n
