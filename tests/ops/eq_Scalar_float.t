i: i64[2, 3]
aten.eq.Scalar(i, 0.5) : bool[2, 3]
---- mlx
a = astype(i, dtype=f32)
equal(a, 0.5)
---- python
return i.astype(mx.float32) == 0.5
