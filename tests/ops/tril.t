x: f32[4, 4]
aten.tril.default(x) : f32[4, 4]
---- mlx
tril(x, k=0)
---- python
return mx.tril(x, k=0)
