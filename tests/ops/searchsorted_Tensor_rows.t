x: f32[2, 5]
v: f32[2, 3]
aten.searchsorted.Tensor(x, v, right=True) : i64[2, 3]
---- mlx
a = expand_dims(x, axis=1)
b = expand_dims(v, axis=2)
c = greater(a, b)
d = logical_not(c)
e = astype(d, dtype=i32)
f = sum(e, axis=[2])
astype(f, dtype=i64)
---- python
greater = mx.expand_dims(x, axis=1) > mx.expand_dims(v, axis=2)
return mx.sum(mx.logical_not(greater).astype(mx.int32), axis=(2,)).astype(mx.int64)
