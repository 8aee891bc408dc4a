x: i64[2]
y: i64[2]
aten.fmax.default(x, y) : i64[2]
---- mlx
maximum(x, y)
---- python
return mx.maximum(x, y)
