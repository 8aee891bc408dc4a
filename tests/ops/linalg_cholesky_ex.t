a: f32[3, 3]
x, info = aten.linalg_cholesky_ex.default(a) : f32[3, 3], i32[]
return x
---- mlx
b = cholesky(a, upper=False)
c = diagonal(b, offset=0, axis1=0, axis2=1)
d = greater(c, 0)
e = logical_not(d)
f = argmax(e, axis=0)
g = astype(f, dtype=i32)
h = add(g, 1)
i = any(e, axis=[0])
j = where(i, h, 0)
return b
---- python
return mx.linalg.cholesky(a, upper=False, stream=mx.cpu)
