x: f32[1, 3, 1]
aten.squeeze.dim(x, -1) : f32[1, 3]
---- mlx
squeeze(x, axis=2)
---- python
return x.squeeze(2)
