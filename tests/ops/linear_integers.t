x: i64[2, 3]
w: i64[4, 3]
b: i64[4]
aten.linear.default(x, w, b) : i64[2, 4]
---- mlx
a = expand_dims(x, axis=1)
c = expand_dims(w, axis=0)
d = multiply(a, c)
e = sum(d, axis=[2])
add(e, b)
---- python
return mx.sum(mx.expand_dims(x, axis=1) * mx.expand_dims(w, axis=0), axis=(2,)) + b
