x: f32[2, 3]
y: f32[4, 3]
aten.inner.default(x, y) : f32[2, 4]
---- mlx
inner(x, y)
---- python
return mx.inner(x, y)
