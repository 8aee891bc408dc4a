# pass: identities dce
x: f32[2, 3]
i: i64[4]
a = reshape(x, shape=(2, 3))
b = transpose(a, axes=(1, 0))
c = transpose(b, axes=(1, 0))
d = multiply(c, 1)
e = astype(d, dtype=f32)
f = add(e, 0)
g = broadcast_to(f, shape=(2, 3))
h = slice(g, axis=1, start=0, stop=9223372036854775807, step=1)
j = add(i, 0)
k = expand_dims(j, axis=1)
l = squeeze(k, axis=1)
return h, l
---- after
x: f32[2, 3]
i: i64[4]
f = add(x, 0)
return f, i
