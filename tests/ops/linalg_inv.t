a: f32[3, 3]
aten.linalg_inv.default(a) : f32[3, 3]
---- mlx
inv(a)
---- python
return mx.linalg.inv(a, stream=mx.cpu)
