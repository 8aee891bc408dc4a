a: f32[3, 3]
aten.linalg_pinv.atol_rtol_tensor(a) : f32[3, 3]
---- mlx
pinv(a)
---- python
return mx.linalg.pinv(a, stream=mx.cpu)
