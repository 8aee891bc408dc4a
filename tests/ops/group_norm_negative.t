x: f32[2, 4, 5]
weight: f32[4]
aten.group_norm.default(x, 2, weight, None, -0.5) : f32[2, 4, 5]
---- mlx
a = reshape(x, shape=[2, 2, -1])
b = var(a, axis=[2], keepdims=True)
c = add(b, -0.5)
d = rsqrt(c)
e = mean(a, axis=[2], keepdims=True)
f = subtract(a, e)
g = multiply(f, d)
h = reshape(g, shape=[2, 4, 5])
i = expand_dims(weight, axis=0)
j = expand_dims(i, axis=2)
multiply(h, j)
---- python
x = x.reshape(2, 2, -1)
x_2 = mx.var(x, axis=(2,), keepdims=True)
x = (x - mx.mean(x, axis=(2,), keepdims=True)) * mx.rsqrt(x_2 + -0.5)
return x.reshape(2, 4, 5) * mx.expand_dims(mx.expand_dims(weight, axis=0), axis=2)
