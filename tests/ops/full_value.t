symbol s0: 1..64
x: f32[s0]
n = aten.sym_size.int(x, 0) : int(s0)
aten.full.default([2], n) : i64[2]
---- mlx
a = shape(x, axis=0)
full(shape=[2], value=a, dtype=i64)
---- python
B = x.shape[0]
return mx.full((2,), B, dtype=mx.int64)
