x: f32[2, 3]
aten.matrix_H.default(x) : f32[3, 2]
---- mlx
transpose(x, axes=[1, 0])
---- python
return x.transpose(1, 0)
