x: i64[2, 3]
w: i64[4, 3]
b: i64[4]
aten.linear.default(x, w, b) : i64[2, 4]
---- mlx
a = transpose(w, axes=[1, 0])
c = expand_dims(x, axis=1)
d = transpose(a, axes=[1, 0])
e = expand_dims(d, axis=0)
f = multiply(c, e)
g = sum(f, axis=[2])
add(g, b)
---- python
w = w.transpose(1, 0).transpose(1, 0)
return mx.sum(mx.expand_dims(x, axis=1) * mx.expand_dims(w, axis=0), axis=(2,)) + b
