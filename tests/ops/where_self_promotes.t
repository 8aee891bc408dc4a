c: bool[2]
x: f32[2]
y: i64[2]
aten.where.self(c, x, y) : f32[2]
---- mlx
a = astype(y, dtype=f32)
where(c, x, a)
---- python
return mx.where(c, x, y.astype(mx.float32))
