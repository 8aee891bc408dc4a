x: f32[2, 3, 4]
aten.swapdims.default(x, 0, 1) : f32[3, 2, 4]
---- mlx
transpose(x, axes=[1, 0, 2])
---- python
return x.transpose(1, 0, 2)
