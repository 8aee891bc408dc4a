# pass: identities dce
x: f32[s0, 3]
n = shape(x, axis=0)
k = shape(x, axis=1)
a = slice(x, axis=0, start=0, stop=n, step=1)
b = reshape(a, shape=(n, k))
c = reshape(b, shape=(n, k, 1))
return c
---- after
x: f32[s0, 3]
n = shape(x, axis=0)
c = reshape(x, shape=(n, 3, 1))
return c
