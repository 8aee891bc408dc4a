x: f32[2, 3]
r: i64[2]
aten.repeat_interleave.self_Tensor(x, r, 0) : f32[5, 3]
---- mlx
a = arange(stop=5, dtype=i32)
b = astype(a, dtype=i64)
c = cumsum(r, axis=0)
d = searchsorted(c, b, side="right")
take(x, d, axis=0)
---- python
values = mx.arange(5).astype(mx.int64)
return mx.take(x, mx.searchsorted(mx.cumsum(r, axis=0), values, side="right"), axis=0)
