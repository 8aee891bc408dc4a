symbol s0: 1..64
x: f32[s0, 3]
aten.zero.default(x) : f32[s0, 3]
---- mlx
a = shape(x, axis=0)
full(shape=[a, 3], value=0, dtype=f32)
---- python
B = x.shape[0]
return mx.zeros((B, 3), dtype=mx.float32)
