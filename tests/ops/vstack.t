x: f32[3]
y: f32[3]
aten.vstack.default([x, y]) : f32[2, 3]
---- mlx
a = expand_dims(x, axis=0)
b = expand_dims(y, axis=0)
concatenate([a, b], axis=0)
---- python
return mx.concatenate([mx.expand_dims(x, axis=0), mx.expand_dims(y, axis=0)], axis=0)
