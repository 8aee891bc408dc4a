x: f32[2, 3, 4]
aten.numpy_T.default(x) : f32[4, 3, 2]
---- mlx
transpose(x, axes=[2, 1, 0])
---- python
return x.transpose(2, 1, 0)
