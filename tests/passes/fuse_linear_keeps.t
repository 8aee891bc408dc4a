# pass: fuse_linear dce
# A weight that is computed, a bias that is no vector: left alone.
x: f32[2, 8]
w: f32[4, 8] = parameter "w"
b: f32[2, 4] = parameter "b"
y: f32[4, 8]
t = transpose(y, axes=(1, 0))
a = matmul(x, t)
u = transpose(w, axes=(1, 0))
c = matmul(x, u)
d = add(c, b)
return a, d
---- after
x: f32[2, 8]
w: f32[4, 8] = parameter "w"
b: f32[2, 4] = parameter "b"
y: f32[4, 8]
t = transpose(y, axes=(1, 0))
a = matmul(x, t)
c = linear(x, w)
d = add(c, b)
return a, d
