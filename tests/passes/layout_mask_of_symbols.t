# pass: layout
# The mask's sizes are read from what is there: the operand beside it is held in another order by then.
symbol s0: 0..
symbol s1: 0..
mask: f32[s0, 1, s1]
x: f32[s0, s1, 16]
a = transpose(x, axes=(0, 2, 1))
b = sigmoid(a)
c = multiply(b, mask)
d = transpose(c, axes=(0, 2, 1))
return d
---- after
mask: f32[s0, 1, s1]
x: f32[s0, s1, 16]
b_6 = sigmoid(x)
shape = shape(mask, axis=0)
shape_8 = shape(mask, axis=2)
reshape = reshape(mask, shape=[shape, shape_8, 1])
c_10 = multiply(b_6, reshape)
return c_10
