x: f32[1]
aten.eye.default(3) : f32[3, 3]
---- mlx
eye(n=3, dtype=f32)
---- python
return mx.eye(3, dtype=mx.float32)
