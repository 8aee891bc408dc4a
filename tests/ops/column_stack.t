x: f32[3]
y: f32[3]
aten.column_stack.default([x, y]) : f32[3, 2]
---- mlx
a = expand_dims(x, axis=1)
b = expand_dims(y, axis=1)
concatenate([a, b], axis=1)
---- python
return mx.concatenate([mx.expand_dims(x, axis=1), mx.expand_dims(y, axis=1)], axis=1)
