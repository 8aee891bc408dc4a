a: f32[3, 3]
s, l = aten.linalg_slogdet.default(a) : f32[], f32[]
return s, l
---- mlx
b, c = slogdet(a)
return b, c
---- python
a, slogdet = mx.linalg.slogdet(a, stream=mx.cpu)
return a, slogdet
