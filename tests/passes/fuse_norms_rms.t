# pass: fuse_norms dce
x: f16[2, 5, 8]
w: f16[8] = parameter "norm.weight"
a = astype(x, dtype=f32)
b = power(a, 2)
c = mean(b, axis=(-1), keepdims=True)
d = add(c, 1e-06)
e = rsqrt(d)
f = multiply(a, e)
g = astype(f, dtype=f16)
h = multiply(w, g)
return h
---- after
x: f16[2, 5, 8]
w: f16[8] = parameter "norm.weight"
h = rms_norm(x, weight=w, eps=1e-06)
return h
