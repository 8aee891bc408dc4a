a: f32[2, 3, 3]
l, info = aten.linalg_cholesky_ex.default(a) : f32[2, 3, 3], i32[2]
return l, info
---- mlx
b = cholesky(a, upper=False)
c = diagonal(b, offset=0, axis1=1, axis2=2)
d = greater(c, 0)
e = logical_not(d)
f = argmax(e, axis=1)
g = astype(f, dtype=i32)
h = add(g, 1)
i = any(e, axis=[1])
j = where(i, h, 0)
return b, j
---- python
a = mx.linalg.cholesky(a, upper=False, stream=mx.cpu)
logical_not = mx.logical_not(mx.diagonal(a, offset=0, axis1=1, axis2=2) > 0)
condition = mx.any(logical_not, axis=(1,))
return a, mx.where(condition, mx.argmax(logical_not, axis=1).astype(mx.int32) + 1, 0)
