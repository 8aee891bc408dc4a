# pass: fold_triangles drop_leading_axes dce
x: f32[s0, s1]
m: bool[s0, 1, 1, s1]
n = shape(x, axis=1)
a = arange(stop=n, dtype=i64)
b = reshape(a, shape=(1, 1, 1, n))
c = reshape(a, shape=(1, 1, n, 1))
d = less_equal(b, c)
e = logical_and(d, m)
f = arange(start=3, stop=9, dtype=i64)
g = arange(stop=4, dtype=i64)
h = expand_dims(g, axis=1)
i = greater(h, f)
j = less_equal(f, f)
k = less_equal(c, b)
return e, i, j, k
---- after
x: f32[s0, s1]
m: bool[s0, 1, 1, s1]
n = shape(x, axis=1)
a = arange(stop=n, dtype=i64)
b = reshape(a, shape=[1, 1, 1, n])
c = reshape(a, shape=[1, 1, n, 1])
tri = tri(rows=n, dtype=bool)
e = logical_and(tri, m)
f = arange(start=3, stop=9, dtype=i64)
tri_17 = tri(rows=4, columns=6, k=-4, dtype=bool)
j = less_equal(f, f)
k = less_equal(c, b)
return e, tri_17, j, k
