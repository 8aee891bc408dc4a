x: f32[2, 3]
m: bool[2, 3]
y: f32[4]
aten.masked_scatter.default(x, m, y) : f32[2, 3]
---- mlx
a = reshape(m, shape=[-1])
b = cumsum(a, axis=0)
c = subtract(b, 1)
d = reshape(y, shape=[-1])
e = take(d, c, axis=0)
f = reshape(e, shape=[2, 3])
where(m, f, x)
---- python
cumsum = mx.cumsum(m.reshape(-1), axis=0)
return mx.where(m, mx.take(y.reshape(-1), cumsum - 1, axis=0).reshape(2, 3), x)
