# pass: layout
# The result is wanted in both orders: one transpose serves all users in PyTorch's.
x: f32[2, 4, 4, 8]
a = transpose(x, axes=(0, 3, 1, 2))
b = sigmoid(a)
c = transpose(b, axes=(0, 2, 3, 1))
d = reshape(b, shape=(2, 128))
return c, d, b
---- after
x: f32[2, 4, 4, 8]
b = sigmoid(x)
t = transpose(b, axes=(0, 3, 1, 2))
d = reshape(t, shape=(2, 128))
return b, d, t
