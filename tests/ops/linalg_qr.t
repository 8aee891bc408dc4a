a: f32[3, 3]
q, r = aten.linalg_qr.default(a) : f32[3, 3], f32[3, 3]
return q, r
