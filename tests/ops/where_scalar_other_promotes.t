c: bool[2]
x: i64[2]
aten.where.ScalarOther(c, x, 0.5) : f32[2]
---- mlx
a = astype(x, dtype=f32)
where(c, a, 0.5)
---- python
return mx.where(c, x.astype(mx.float32), 0.5)
