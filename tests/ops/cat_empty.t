# An empty vector joins anything.
x: f32[0]
y: f32[2, 3]
aten.cat.default([x, y], 1) : f32[2, 3]
---- mlx
concatenate([y], axis=1)
---- python
return mx.concatenate([y], axis=1)
