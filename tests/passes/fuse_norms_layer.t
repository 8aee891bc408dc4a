# pass: fuse_norms dce
x: f32[2, 5, 8]
w: f32[8] = parameter "norm.weight"
b: f32[8] = parameter "norm.bias"
m = mean(x, axis=(2), keepdims=True)
d = subtract(x, m)
s = square(d)
v = mean(s, axis=(2), keepdims=True)
e = add(v, 1e-05)
r = sqrt(e)
n = divide(d, r)
p = multiply(n, w)
q = add(p, b)
return q
---- after
x: f32[2, 5, 8]
w: f32[8] = parameter "norm.weight"
b: f32[8] = parameter "norm.bias"
q = layer_norm(x, weight=w, bias=b, eps=1e-05)
return q
