x: f32[2, 3, 4]
aten.linalg_matrix_norm.default(x, 1) : f32[2]
---- mlx
a = abs(x)
b = sum(a, axis=[1], keepdims=True)
c = max(b, axis=[2], keepdims=True)
d = squeeze(c, axis=2)
squeeze(d, axis=1)
---- python
x = mx.sum(mx.abs(x), axis=(1,), keepdims=True)
return mx.max(x, axis=(2,), keepdims=True).squeeze(2).squeeze(1)
