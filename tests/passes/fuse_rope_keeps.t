# pass: fuse_rope dce
# Positions that are given, and a second half that turns the other way, are no rotation that MLX has.
symbol s1: 0..
x: f32[2, s1, 2]
given: i64[s1]
l = shape(x, axis=1)
p = arange(stop=l, dtype=i64)
q = astype(p, dtype=f32)
r = astype(given, dtype=f32)
t = expand_dims(q, axis=1)
c = cos(t)
s = sin(t)
t2 = expand_dims(r, axis=1)
c2 = cos(t2)
s2 = sin(t2)
low = slice(x, axis=2, start=0, stop=1)
high = slice(x, axis=2, start=1, stop=2)
minus = negative(high)
half = concatenate([minus, low], axis=2)
other = concatenate([high, low], axis=2)
u = multiply(x, c)
v = multiply(other, s)
y = add(u, v)
u2 = multiply(x, c2)
v2 = multiply(half, s2)
y2 = add(u2, v2)
return y, y2
---- after
x: f32[2, s1, 2]
given: i64[s1]
l = shape(x, axis=1)
p = arange(stop=l, dtype=i64)
q = astype(p, dtype=f32)
r = astype(given, dtype=f32)
t = expand_dims(q, axis=1)
c = cos(t)
s = sin(t)
t2 = expand_dims(r, axis=1)
c2 = cos(t2)
s2 = sin(t2)
low = slice(x, axis=2, start=0, stop=1)
high = slice(x, axis=2, start=1, stop=2)
minus = negative(high)
half = concatenate([minus, low], axis=2)
other = concatenate([high, low], axis=2)
u = multiply(x, c)
v = multiply(other, s)
y = add(u, v)
u2 = multiply(x, c2)
v2 = multiply(half, s2)
y2 = add(u2, v2)
return y, y2
