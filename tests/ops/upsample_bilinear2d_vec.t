x: f32[2, 4, 6, 6]
aten.upsample_bilinear2d.vec(x, [12, 6], True, None) : f32[2, 4, 12, 6]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = arange(stop=12, dtype=f32)
c = multiply(b, 0.4545454680919647)
d = floor(c)
e = astype(d, dtype=i32)
f = minimum(e, 5)
g = add(f, 1)
h = minimum(g, 5)
i = subtract(c, f)
j = minimum(i, 1)
k = reshape(j, shape=[1, 12, 1, 1])
l = subtract(1, k)
m = take(a, f, axis=1)
n = multiply(m, l)
o = take(a, h, axis=1)
p = multiply(o, k)
q = add(n, p)
transpose(q, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
multiply = mx.arange(12, dtype=mx.float32) * 0.4545454680919647
indices = mx.minimum(mx.floor(multiply).astype(mx.int32), 5)
multiply = mx.minimum(multiply - indices, 1).reshape(1, 12, 1, 1)
x_2 = mx.take(x, mx.minimum(indices + 1, 5), axis=1) * multiply
return (mx.take(x, indices, axis=1) * (1 - multiply) + x_2).transpose(0, 3, 1, 2)
