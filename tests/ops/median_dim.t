x: f32[2, 3]
a, b = aten.median.dim(x, 1) : f32[2], i64[2]
return a, b
---- mlx
a = isnan(x)
b = astype(a, dtype=i32)
c = sum(b, axis=[1], keepdims=True)
d = subtract(3, c)
e = subtract(d, 1)
f = maximum(e, 0)
g = floor_divide(f, 2)
h = greater(c, 0)
i = where(h, d, g)
j = argsort(x, axis=1)
k = take_along_axis(j, i, axis=1)
l = take_along_axis(x, k, axis=1)
m = squeeze(l, axis=1)
n = squeeze(k, axis=1)
o = astype(n, dtype=i64)
return m, o
---- python
sum_ = mx.sum(mx.isnan(x).astype(mx.int32), axis=(1,), keepdims=True)
sum__2 = 3 - sum_
indices = mx.where(sum_ > 0, sum__2, mx.maximum(sum__2 - 1, 0) // 2)
indices = mx.take_along_axis(mx.argsort(x, axis=1), indices, axis=1)
indices_2 = indices.squeeze(1)
return mx.take_along_axis(x, indices, axis=1).squeeze(1), indices_2.astype(mx.int64)
