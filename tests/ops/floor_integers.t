x: i64[2]
aten.floor.default(x) : i64[2]
---- mlx
floor(x)
---- python
return mx.floor(x)
