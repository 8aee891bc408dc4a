a: f32[2, 3, 2]
atol: f32[2]
rtol: f32[]
aten.linalg_pinv.atol_rtol_tensor(a, atol=atol, rtol=rtol) : f32[2, 2, 3]
---- mlx
b, c, d = svd(a)
e = slice(c, axis=1, stop=1)
f = multiply(e, rtol)
g = expand_dims(atol, axis=1)
h = maximum(f, g)
i = greater(c, h)
j = reciprocal(c)
k = where(i, j, 0)
l = slice(b, axis=2, stop=2)
m = slice(d, axis=1, stop=2)
n = expand_dims(k, axis=1)
o = transpose(m, axes=[0, 2, 1])
p = multiply(o, n)
q = transpose(l, axes=[0, 2, 1])
matmul(p, q)
---- python
a, svd, svd_2 = mx.linalg.svd(a, stream=mx.cpu)
svd_3 = mx.maximum(svd[:, :1] * rtol, mx.expand_dims(atol, axis=1))
svd = mx.expand_dims(mx.where(svd > svd_3, mx.reciprocal(svd), 0), axis=1)
return svd_2[:, :2].transpose(0, 2, 1) * svd @ a[..., :2].transpose(0, 2, 1)
