x: f32[2, 3]
aten.median.default(x) : f32[]
---- mlx
a = reshape(x, shape=[-1])
b = isnan(a)
c = astype(b, dtype=i32)
d = sum(c, axis=[0], keepdims=True)
e = subtract(6, d)
f = subtract(e, 1)
g = maximum(f, 0)
h = floor_divide(g, 2)
i = greater(d, 0)
j = where(i, e, h)
k = argsort(a, axis=0)
l = take_along_axis(k, j, axis=0)
m = take_along_axis(a, l, axis=0)
n = squeeze(m, axis=0)
o = squeeze(l, axis=0)
return n
---- python
x = x.reshape(-1)
sum_ = mx.sum(mx.isnan(x).astype(mx.int32), axis=(0,), keepdims=True)
sum__2 = 6 - sum_
indices = mx.where(sum_ > 0, sum__2, mx.maximum(sum__2 - 1, 0) // 2)
indices = mx.take_along_axis(mx.argsort(x, axis=0), indices, axis=0)
return mx.take_along_axis(x, indices, axis=0).squeeze(0)
