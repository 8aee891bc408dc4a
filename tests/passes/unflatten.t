# Heads split behind a transpose, as nn.MultiheadAttention does.
symbol s0: 1..
symbol s1: 1..
x: f32[s1, s0, 32]
b = shape(x, axis=1)
l = shape(x, axis=0)
heads = int_mul(a=b, b=4)
y = reshape(x, shape=(l, heads, 8)) : f32[s1, 4*s0, 8]
t = transpose(y, axes=(1, 0, 2))
z = reshape(t, shape=(b, 4, l, 8)) : f32[s0, 4, s1, 8]
return z
---- after
symbol s0: 1..
symbol s1: 1..
x: f32[s1, s0, 32]
b = shape(x, axis=1)
l = shape(x, axis=0)
heads = int_mul(a=b, b=4)
y = reshape(x, shape=[l, heads, 8])
t = transpose(y, axes=[1, 0, 2])
reshape = reshape(x, shape=[l, b, 4, 8])
transpose = transpose(reshape, axes=[1, 2, 0, 3])
return transpose
