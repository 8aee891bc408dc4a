x: f32[1]
aten.eye.m(2, 3, dtype=i64) : i64[2, 3]
---- mlx
eye(n=2, m=3, dtype=i64)
---- python
return mx.eye(2, 3, dtype=mx.int64)
