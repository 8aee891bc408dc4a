x: f32[2]
y: i64[2]
aten.lt.Tensor(x, y) : bool[2]
---- mlx
a = astype(y, dtype=f32)
less(x, a)
---- python
return x < y.astype(mx.float32)
