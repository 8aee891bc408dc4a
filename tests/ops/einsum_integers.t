x: i64[2, 3, 5]
y: i64[5, 3, 4]
aten.einsum.default("bij,jik->bk", [x, y]) : i64[2, 4]
---- mlx
a = expand_dims(x, axis=1)
b = transpose(y, axes=[2, 1, 0])
c = expand_dims(b, axis=0)
d = multiply(a, c)
sum(d, axis=[2, 3])
---- python
y = y.transpose(2, 1, 0)
return mx.sum(mx.expand_dims(x, axis=1) * mx.expand_dims(y, axis=0), axis=(2, 3))
