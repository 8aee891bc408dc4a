x: f32[2, 3]
aten.select.int(x, 1, 0) : f32[2]
---- mlx
select(x, axis=1, index=0)
---- python
return x[:, 0]
