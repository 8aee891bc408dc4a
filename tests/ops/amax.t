x: f32[2, 3]
aten.amax.default(x, [1]) : f32[2]
---- mlx
max(x, axis=[1])
---- python
return mx.max(x, axis=(1,))
