x: f32[2, 3]
aten.nanmedian.default(x) : f32[]
---- mlx
a = reshape(x, shape=[-1])
b = isnan(a)
c = astype(b, dtype=i32)
d = sum(c, axis=[0], keepdims=True)
e = subtract(6, d)
f = subtract(e, 1)
g = maximum(f, 0)
h = floor_divide(g, 2)
i = argsort(a, axis=0)
j = take_along_axis(i, h, axis=0)
k = take_along_axis(a, j, axis=0)
l = squeeze(k, axis=0)
m = squeeze(j, axis=0)
return l
---- python
x = x.reshape(-1)
subtract = 6 - mx.sum(mx.isnan(x).astype(mx.int32), axis=(0,), keepdims=True) - 1
indices = mx.take_along_axis(mx.argsort(x, axis=0), mx.maximum(subtract, 0) // 2, axis=0)
return mx.take_along_axis(x, indices, axis=0).squeeze(0)
