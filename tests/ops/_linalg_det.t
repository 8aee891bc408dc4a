a: f32[3, 3]
x, lu, p = aten._linalg_det.default(a) : f32[], f32[3, 3], i32[3]
return x
---- mlx
det(a)
---- python
return mx.linalg.det(a, stream=mx.cpu)
