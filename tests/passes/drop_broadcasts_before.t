# pass: drop_broadcasts dce
m: bool[2, 1, 1, 5]
s: f32[2, 4, 5, 5]
x: f32[2, 1]
a = broadcast_to(m, shape=(2, 1, 5, 5))
b = where(a, 0.0, -1e+38)
c = add(s, b)
d = broadcast_to(x, shape=(2, 3))
e = dropout(d, p=0.5)
f = exp(d)
return c, e, f
---- after
m: bool[2, 1, 1, 5]
s: f32[2, 4, 5, 5]
x: f32[2, 1]
where = where(m, 0.0, -1e+38)
c = add(s, where)
d = broadcast_to(x, shape=[2, 3])
e = dropout(d, p=0.5)
exp = exp(x)
broadcast_to_12 = broadcast_to(exp, shape=[2, 3])
return c, e, broadcast_to_12
