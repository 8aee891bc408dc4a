x: f32[2, 3, 4]
aten.mH.default(x) : f32[2, 4, 3]
---- mlx
transpose(x, axes=[0, 2, 1])
---- python
return x.transpose(0, 2, 1)
