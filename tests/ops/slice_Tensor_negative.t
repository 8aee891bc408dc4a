x: f32[2, 8]
aten.slice.Tensor(x, 1, -3, -1) : f32[2, 2]
---- mlx
slice(x, axis=1, start=-3, stop=-1)
---- python
return x[:, -3:-1]
