a: f32[3, 3]
aten.linalg_pinv.atol_rtol_tensor(a) : f32[3, 3]
---- mlx
b, c, d = svd(a)
e = slice(c, axis=0, stop=1)
f = multiply(e, 3.5762786865234375e-07)
g = greater(c, f)
h = reciprocal(c)
i = where(g, h, 0)
j = slice(b, axis=1, stop=3)
k = slice(d, axis=0, stop=3)
l = expand_dims(i, axis=0)
m = transpose(k, axes=[1, 0])
n = multiply(m, l)
o = transpose(j, axes=[1, 0])
matmul(n, o)
---- python
a, svd, svd_2 = mx.linalg.svd(a, stream=mx.cpu)
svd_3 = mx.reciprocal(svd)
svd = mx.expand_dims(mx.where(svd > svd[:1] * 3.5762786865234375e-07, svd_3, 0), axis=0)
return svd_2[:3].transpose(1, 0) * svd @ a[:, :3].transpose(1, 0)
