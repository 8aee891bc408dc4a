x: f32[2, 3]
y: f32[2, 3]
aten.stack.default([x, y], -1) : f32[2, 3, 2]
---- mlx
stack([x, y], axis=2)
---- python
return mx.stack([x, y], axis=2)
