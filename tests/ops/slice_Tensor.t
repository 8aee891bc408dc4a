x: f32[2, 8]
aten.slice.Tensor(x, 1, 0, 3) : f32[2, 3]
---- mlx
slice(x, axis=1, stop=3)
---- python
return x[:, :3]
