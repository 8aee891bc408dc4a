x: f32[2, 3]
aten.amin.default(x, [0, 1], True) : f32[1, 1]
---- mlx
min(x, axis=[0, 1], keepdims=True)
---- python
return mx.min(x, axis=(0, 1), keepdims=True)
