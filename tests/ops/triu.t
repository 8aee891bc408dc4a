x: f32[4, 4]
aten.triu.default(x) : f32[4, 4]
---- mlx
triu(x, k=0)
---- python
return mx.triu(x, k=0)
