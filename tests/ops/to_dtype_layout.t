x: f32[2, 3, 4]
aten.to.dtype_layout(x, dtype=i64) : i64[2, 3, 4]
---- mlx
astype(x, dtype=i64)
---- python
return x.astype(mx.int64)
