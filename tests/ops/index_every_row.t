x: f32[2, 5, 8]
m: bool[2, 5]
w: f32[8, 8]
a = aten.index.Tensor(x, [m]) : f32[u0, 8]
b = aten.linear.default(a, w) : f32[u0, 8]
c = aten.gelu.default(b) : f32[u0, 8]
aten.index_put.default(x, [m], c) : f32[2, 5, 8]
---- mlx
a = reshape(x, shape=[10, 8])
b = linear(a, w)
c = gelu(b)
d = reshape(c, shape=[2, 5, 8])
e = expand_dims(m, axis=2)
where(e, d, x)
---- python
x_2 = x.reshape(10, 8)
return mx.where(mx.expand_dims(m, axis=2), nn.gelu(x_2 @ w.T).reshape(2, 5, 8), x)
