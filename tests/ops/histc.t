x: f32[10]
aten.histc.default(x, 4, 0, 1) : f32[4]
---- mlx
a = reshape(x, shape=[-1])
b = subtract(a, 0.0)
c = multiply(b, 4)
d = divide(c, 1.0)
e = floor(d)
f = minimum(e, 3)
g = less_equal(a, 1.0)
h = greater_equal(a, 0.0)
i = logical_and(h, g)
j = where(i, f, -1)
k = arange(stop=4, dtype=i32)
l = expand_dims(j, axis=1)
m = equal(l, k)
n = sum(m, axis=[0])
astype(n, dtype=f32)
---- python
x = x.reshape(-1)
x_2 = mx.floor((x - 0.0) * 4 / 1.0)
x = mx.expand_dims(mx.where((x >= 0.0) & (x <= 1.0), mx.minimum(x_2, 3), -1), axis=1)
return mx.sum(x == mx.arange(4), axis=(0,)).astype(mx.float32)
