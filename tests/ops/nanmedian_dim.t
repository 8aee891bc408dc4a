x: f32[2, 3]
a, b = aten.nanmedian.dim(x, 1) : f32[2], i64[2]
return a, b
---- mlx
a = isnan(x)
b = astype(a, dtype=i32)
c = sum(b, axis=[1], keepdims=True)
d = subtract(3, c)
e = subtract(d, 1)
f = maximum(e, 0)
g = floor_divide(f, 2)
h = argsort(x, axis=1)
i = take_along_axis(h, g, axis=1)
j = take_along_axis(x, i, axis=1)
k = squeeze(j, axis=1)
l = squeeze(i, axis=1)
m = astype(l, dtype=i64)
return k, m
---- python
subtract = 3 - mx.sum(mx.isnan(x).astype(mx.int32), axis=(1,), keepdims=True) - 1
indices = mx.take_along_axis(mx.argsort(x, axis=1), mx.maximum(subtract, 0) // 2, axis=1)
indices_2 = indices.squeeze(1)
return mx.take_along_axis(x, indices, axis=1).squeeze(1), indices_2.astype(mx.int64)
