x: i32[2, 3, 4]
y: i32[4, 3]
aten.tensordot.default(x, y, [1, 2], [1, 0]) : i32[2]
---- mlx
a = transpose(y, axes=[1, 0])
b = expand_dims(a, axis=0)
c = multiply(x, b)
sum(c, axis=[1, 2])
---- python
return mx.sum(x * mx.expand_dims(y.transpose(1, 0), axis=0), axis=(1, 2))
