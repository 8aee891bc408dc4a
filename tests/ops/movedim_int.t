x: f32[2, 3, 4]
aten.movedim.int(x, 0, -1) : f32[3, 4, 2]
---- mlx
transpose(x, axes=[1, 2, 0])
---- python
return x.transpose(1, 2, 0)
