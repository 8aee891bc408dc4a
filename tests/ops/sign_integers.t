x: i64[2]
aten.sign.default(x) : i64[2]
---- mlx
sign(x)
---- python
return mx.sign(x)
