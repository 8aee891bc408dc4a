x: i32[3, 4]
aten.trace.default(x) : i64[]
---- mlx
a = diagonal(x, offset=0, axis1=0, axis2=1)
b = astype(a, dtype=i64)
sum(b)
---- python
return mx.sum(mx.diagonal(x, offset=0, axis1=0, axis2=1).astype(mx.int64))
