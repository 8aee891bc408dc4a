x: f32[2, 3]
y: f32[1, 3]
aten.cat.default([x, y]) : f32[3, 3]
---- mlx
concatenate([x, y], axis=0)
---- python
return mx.concatenate([x, y], axis=0)
