# What flattens the leading axes for a linear layer and restores them.
symbol s0: 1..
symbol s1: 1..
x: f32[s0, s1, 32]
w: f32[16, 32] = parameter "w"
b = shape(x, axis=0)
l = shape(x, axis=1)
rows = int_mul(a=b, b=l)
y = reshape(x, shape=(rows, 32)) : f32[s0*s1, 32]
z = linear(y, w)
out = reshape(z, shape=(b, l, 16)) : f32[s0, s1, 16]
return out
---- after
symbol s0: 1..
symbol s1: 1..
x: f32[s0, s1, 32]
w: f32[16, 32] = parameter "w"
b = shape(x, axis=0)
l = shape(x, axis=1)
rows = int_mul(a=b, b=l)
y = reshape(x, shape=[rows, 32])
z = linear(y, w)
reshape = reshape(x, shape=[b, l, 32])
linear = linear(reshape, w)
return linear
