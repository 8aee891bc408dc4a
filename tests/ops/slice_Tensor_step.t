x: f32[2, 8]
aten.slice.Tensor(x, 1, 1, 9223372036854775807, 2) : f32[2, 4]
---- mlx
slice(x, axis=1, start=1, step=2)
---- python
return x[:, 1::2]
