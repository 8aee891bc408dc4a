# Two convolutions with a residual sum, a per-channel scale, then the classifier's pooling.
x: f32[s0, 8, 16, 16]
w: f32[8, 3, 3, 8] = parameter "w"
s: f32[8, 1, 1] = parameter "s"
a = transpose(x, axes=(0, 2, 3, 1))
b = conv2d(a, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
c = transpose(b, axes=(0, 3, 1, 2))
d = relu(c)
e = multiply(d, s)
f = transpose(e, axes=(0, 2, 3, 1))
g = conv2d(f, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
h = transpose(g, axes=(0, 3, 1, 2))
i = add(h, d)
j = mean(i, axis=(2, 3), keepdims=True)
n = shape(x, axis=0)
k = reshape(j, shape=(n, 8))
return k
---- after
x: f32[s0, 8, 16, 16]
w: f32[8, 3, 3, 8] = parameter "w"
s: f32[8, 1, 1] = parameter "s"
a = transpose(x, axes=(0, 2, 3, 1))
b = conv2d(a, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
d = relu(b)
t = reshape(s, shape=(8))
e = multiply(d, t)
g = conv2d(e, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
i = add(g, d)
j = mean(i, axis=(1, 2), keepdims=True)
n = shape(x, axis=0)
k = reshape(j, shape=(n, 8))
return k
