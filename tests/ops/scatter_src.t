x: f32[3, 5]
i: i64[3, 2]
y: f32[3, 2]
aten.scatter.src(x, 1, i, y) : f32[3, 5]
---- mlx
put_along_axis(x, i, y, axis=1)
---- python
return mx.put_along_axis(x, i, y, axis=1)
