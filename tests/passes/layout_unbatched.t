# pass: layout identities dce
# One image without a batch axis: squeeze and expand_dims between layers vanish with the transposes.
x: f32[3, 8, 8]
w: f32[3, 3, 3, 3] = parameter "w"
a = expand_dims(x, axis=0)
b = transpose(a, axes=(0, 2, 3, 1))
c = conv2d(b, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
d = transpose(c, axes=(0, 3, 1, 2))
e = squeeze(d, axis=0)
f = relu(e)
g = expand_dims(f, axis=0)
h = transpose(g, axes=(0, 2, 3, 1))
i = conv2d(h, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
j = transpose(i, axes=(0, 3, 1, 2))
k = squeeze(j, axis=0)
return k
---- after
x: f32[3, 8, 8]
w: f32[3, 3, 3, 3] = parameter "w"
a = expand_dims(x, axis=0)
b = transpose(a, axes=(0, 2, 3, 1))
c = conv2d(b, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
e = squeeze(c, axis=0)
f = relu(e)
g = expand_dims(f, axis=0)
i = conv2d(g, w, stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1)
j = transpose(i, axes=(0, 3, 1, 2))
k = squeeze(j, axis=0)
return k
