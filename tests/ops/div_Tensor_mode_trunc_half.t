x: f16[2, 3]
y: f16[3]
z: f16[1]
a = aten.div.Tensor_mode(x, y, rounding_mode="trunc") : f16[2, 3]
aten.div.Tensor_mode(a, z, rounding_mode="trunc") : f16[2, 3]
---- mlx
a = divide(x, y)
b = floor(a)
c = ceil(a)
d = less(a, 0)
e = where(d, c, b)
f = astype(e, dtype=f32)
g = astype(z, dtype=f32)
h = divide(f, g)
i = floor(h)
j = ceil(h)
k = less(h, 0)
l = where(k, j, i)
astype(l, dtype=f16)
---- python
x = x / y
divide = mx.where(x < 0, mx.ceil(x), mx.floor(x)).astype(mx.float32) / z.astype(mx.float32)
return mx.where(divide < 0, mx.ceil(divide), mx.floor(divide)).astype(mx.float16)
