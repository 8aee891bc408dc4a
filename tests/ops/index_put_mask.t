x: f32[4, 3]
m: bool[4]
v: f32[]
aten.index_put.default(x, [m], v) : f32[4, 3]
---- mlx
a = expand_dims(m, axis=1)
where(a, v, x)
---- python
return mx.where(mx.expand_dims(m, axis=1), v, x)
