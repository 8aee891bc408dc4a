# pass: fuse_rope dce
symbol s1: 0..
x: f32[2, 4, s1, 8]
l = shape(x, axis=2)
p = arange(stop=l, dtype=i64)
q = astype(p, dtype=f32)
i = arange(start=0, stop=8, step=2, dtype=f32)
e = divide(i, 8.0)
b = power(500000.0, e)
f = reciprocal(b)
column = expand_dims(q, axis=1)
row = expand_dims(f, axis=0)
t = multiply(column, row)
tt = concatenate([t, t], axis=-1)
c = cos(tt)
s = sin(tt)
low = slice(x, axis=-1, start=0, stop=4)
high = slice(x, axis=-1, start=4, stop=8)
minus = negative(high)
half = concatenate([minus, low], axis=-1)
u = multiply(x, c)
v = multiply(half, s)
y = add(u, v)
return y
---- after
x: f32[2, 4, s1, 8]
freqs: f32[4] = constant "freqs" nonpersistent
y = rope(x, freqs, dims=8, traditional=False, offset=0) : f32[2, 4, s1, 8]
return y
