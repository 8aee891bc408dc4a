x: i64[3, 5]
i: i64[3, 2]
y: i64[3, 2]
aten.scatter.src(x, 1, i, y) : i64[3, 5]
---- mlx
put_along_axis(x, i, y, axis=1, on_cpu=1)
---- python
return mx.put_along_axis(x, i, y, axis=1, stream=mx.cpu)
