x: i64[2]
aten.isnan.default(x) : bool[2]
---- mlx
isnan(x)
---- python
return mx.isnan(x)
