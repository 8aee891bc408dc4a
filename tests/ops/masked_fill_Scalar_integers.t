i: i64[2, 3]
m: bool[2, 3]
aten.masked_fill.Scalar(i, m, 1) : i64[2, 3]
---- mlx
where(m, 1, i)
---- python
return mx.where(m, 1, i)
