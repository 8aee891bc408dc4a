x: f32[3, 0]
q, r = aten.linalg_qr.default(x) : f32[3, 0], f32[0, 0]
return q, r
---- mlx
a = full(shape=[3, 0], value=0, dtype=f32)
b = full(shape=[0, 0], value=0, dtype=f32)
return a, b
---- python
return mx.zeros((3, 0), dtype=mx.float32), mx.zeros((0, 0), dtype=mx.float32)
