x: i32[2, 3]
y: i32[4, 3]
aten.inner.default(x, y) : i32[2, 4]
---- mlx
a = expand_dims(x, axis=1)
b = expand_dims(y, axis=0)
c = multiply(a, b)
sum(c, axis=[2])
---- python
return mx.sum(mx.expand_dims(x, axis=1) * mx.expand_dims(y, axis=0), axis=(2,))
