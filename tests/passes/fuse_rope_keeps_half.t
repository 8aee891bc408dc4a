# pass: fuse_rope dce
# Angles in half precision are those of rounded positions.
symbol s1: 0..
x: bf16[2, s1, 2]
l = shape(x, axis=1)
p = arange(stop=l, dtype=i64)
q = astype(p, dtype=bf16)
t = expand_dims(q, axis=1)
c = cos(t)
s = sin(t)
low = slice(x, axis=2, start=0, stop=1)
high = slice(x, axis=2, start=1, stop=2)
minus = negative(high)
half = concatenate([minus, low], axis=2)
u = multiply(x, c)
v = multiply(half, s)
y = add(u, v)
return y
---- after
x: bf16[2, s1, 2]
l = shape(x, axis=1)
p = arange(stop=l, dtype=i64)
q = astype(p, dtype=bf16)
t = expand_dims(q, axis=1)
c = cos(t)
s = sin(t)
low = slice(x, axis=2, start=0, stop=1)
high = slice(x, axis=2, start=1, stop=2)
minus = negative(high)
half = concatenate([minus, low], axis=2)
u = multiply(x, c)
v = multiply(half, s)
y = add(u, v)
return y
