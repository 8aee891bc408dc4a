x: f32[2, 3, 4]
aten.narrow.default(x, 2, 1, 2) : f32[2, 3, 2]
---- mlx
slice(x, axis=2, start=1, stop=3)
---- python
return x[..., 1:3]
