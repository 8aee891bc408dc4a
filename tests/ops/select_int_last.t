x: f32[2, 3]
aten.select.int(x, -1, -1) : f32[2]
---- mlx
select(x, axis=1, index=-1)
---- python
return x[:, -1]
