x: i32[2, 3]
aten.sum.dim_IntList(x, [0]) : i64[3]
---- mlx
a = astype(x, dtype=i64)
sum(a, axis=[0])
---- python
return mx.sum(x.astype(mx.int64), axis=(0,))
