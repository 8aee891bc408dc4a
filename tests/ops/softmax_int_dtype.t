x: f16[2, 3]
aten.softmax.int(x, -1, f32) : f32[2, 3]
---- mlx
a = astype(x, dtype=f32)
softmax(a, axis=1)
---- python
return mx.softmax(x.astype(mx.float32), axis=1)
