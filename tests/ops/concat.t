x: f32[3]
y: f32[3]
aten.concat.default([x, y]) : f32[6]
---- mlx
concatenate([x, y], axis=0)
---- python
return mx.concatenate([x, y], axis=0)
