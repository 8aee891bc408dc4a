symbol s0: 1..64
x: f32[s0, 3]
aten.full_like.default(x, 2) : f32[s0, 3]
---- mlx
a = shape(x, axis=0)
full(shape=[a, 3], value=2, dtype=f32)
---- python
B = x.shape[0]
return mx.full((B, 3), 2, dtype=mx.float32)
