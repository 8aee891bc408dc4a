x: f32[1, 3, 1]
aten.squeeze.default(x) : f32[3]
---- mlx
a = squeeze(x, axis=2)
squeeze(a, axis=0)
---- python
return x.squeeze(2).squeeze(0)
