# pass: drop_broadcasts dce
x: f32[2, 1]
y: f32[2, 3]
a = broadcast_to(x, shape=(2, 3))
b = add(a, y)
c = exp(a)
return b, c
---- after
x: f32[2, 1]
y: f32[2, 3]
b = add(x, y)
exp = exp(x)
broadcast_to = broadcast_to(exp, shape=[2, 3])
return b, broadcast_to
