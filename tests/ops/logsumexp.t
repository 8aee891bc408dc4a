x: f32[2, 3, 4]
aten.logsumexp.default(x, [0, -1]) : f32[3]
---- mlx
a = logsumexp(x, axis=2)
b = squeeze(a, axis=2)
c = logsumexp(b, axis=0)
squeeze(c, axis=0)
---- python
x = mx.logsumexp(x, axis=2, keepdims=True)
return mx.logsumexp(x.squeeze(2), axis=0, keepdims=True).squeeze(0)
