x: i64[5, 2, 3]
y: i64[3]
aten.matmul.default(x, y) : i64[5, 2]
---- mlx
a = expand_dims(y, axis=0)
b = expand_dims(a, axis=1)
c = multiply(x, b)
sum(c, axis=[2])
---- python
return mx.sum(x * mx.expand_dims(mx.expand_dims(y, axis=0), axis=1), axis=(2,))
