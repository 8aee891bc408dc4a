x: f32[3, 4]
aten.trace.default(x) : f32[]
---- mlx
a = diagonal(x, offset=0, axis1=0, axis2=1)
sum(a)
---- python
return mx.sum(mx.diagonal(x, offset=0, axis1=0, axis2=1))
