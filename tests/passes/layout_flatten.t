# pass: layout
# Flattening needs PyTorch's order of elements: one transpose is left.
x: f32[2, 4, 4, 8]
a = transpose(x, axes=(0, 3, 1, 2))
b = relu(a)
c = transpose(b, axes=(0, 2, 3, 1))
d = max_pool2d(c, kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))
e = transpose(d, axes=(0, 3, 1, 2))
f = reshape(e, shape=(2, 32))
return f
---- after
x: f32[2, 4, 4, 8]
b = relu(x)
d = max_pool2d(b, kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))
e = transpose(d, axes=(0, 3, 1, 2))
f = reshape(e, shape=(2, 32))
return f
