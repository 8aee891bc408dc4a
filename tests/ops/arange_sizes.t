symbol s0: 1..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
aten.arange.default(n) : i64[s0]
---- mlx
a = shape(x, axis=0)
arange(stop=a, dtype=i64)
---- python
B = x.shape[0]
return mx.arange(B, dtype=mx.int64)
