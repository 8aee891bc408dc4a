a: f32[3, 3]
aten.logdet.default(a) : f32[]
---- mlx
b, c = slogdet(a)
d = less(b, 0)
where(d, nan, c)
---- python
a, slogdet = mx.linalg.slogdet(a, stream=mx.cpu)
return mx.where(a < 0, mx.nan, slogdet)
