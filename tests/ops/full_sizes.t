symbol s0: 1..64
x: f32[s0, 3]
n = aten.sym_size.int(x, 0) : int(s0)
aten.full.default([n, 1], -inf) : f32[s0, 1]
---- mlx
a = shape(x, axis=0)
full(shape=[a, 1], value=-inf, dtype=f32)
---- python
B = x.shape[0]
return mx.full((B, 1), -mx.inf, dtype=mx.float32)
