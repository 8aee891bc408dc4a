a: f32[3, 3]
aten.det.default(a) : f32[]
---- mlx
det(a)
---- python
return mx.linalg.det(a, stream=mx.cpu)
