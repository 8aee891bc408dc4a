x: f32[3]
y: f32[3]
aten.outer.default(x, y) : f32[3, 3]
---- mlx
outer(x, y)
---- python
return mx.outer(x, y)
