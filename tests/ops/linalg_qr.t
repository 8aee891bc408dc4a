a: f32[3, 3]
q, r = aten.linalg_qr.default(a) : f32[3, 3], f32[3, 3]
return q, r
---- mlx
b, c = qr(a)
return b, c
---- python
a, qr = mx.linalg.qr(a, stream=mx.cpu)
return a, qr
