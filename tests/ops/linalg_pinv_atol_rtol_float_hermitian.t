a: f32[3, 3]
aten.linalg_pinv.atol_rtol_float(a, atol=0.1, hermitian=True) : f32[3, 3]
---- mlx
b = tril(a, k=-1)
c = transpose(b, axes=[1, 0])
d = tril(a, k=0)
e = add(d, c)
f, g, h = svd(e)
i = greater(g, 0.1)
j = reciprocal(g)
k = where(i, j, 0)
l = slice(f, axis=1, stop=3)
m = slice(h, axis=0, stop=3)
n = expand_dims(k, axis=0)
o = transpose(m, axes=[1, 0])
p = multiply(o, n)
q = transpose(l, axes=[1, 0])
matmul(p, q)
---- python
a_2 = mx.tril(a, k=0)
a_2, svd, svd_2 = mx.linalg.svd(a_2 + mx.tril(a, k=-1).transpose(1, 0), stream=mx.cpu)
svd = mx.expand_dims(mx.where(svd > 0.1, mx.reciprocal(svd), 0), axis=0)
return svd_2[:3].transpose(1, 0) * svd @ a_2[:, :3].transpose(1, 0)
