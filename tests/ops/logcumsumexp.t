x: f32[2, 3]
aten.logcumsumexp.default(x, 1) : f32[2, 3]
---- mlx
logcumsumexp(x, axis=1)
---- python
return mx.logcumsumexp(x, axis=1)
