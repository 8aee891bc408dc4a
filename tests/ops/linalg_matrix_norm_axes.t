x: f32[2, 3, 4]
aten.linalg_matrix_norm.default(x, 2, [0, 2], True) : f32[1, 3, 1]
---- mlx
a = transpose(x, axes=[1, 0, 2])
b = svdvals(a)
c = max(b, axis=[1])
d = expand_dims(c, axis=0)
expand_dims(d, axis=2)
---- python
x = mx.max(mx.linalg.svd(x.transpose(1, 0, 2), compute_uv=False, stream=mx.cpu), axis=(1,))
return mx.expand_dims(mx.expand_dims(x, axis=0), axis=2)
