x: f32[3, 3]
a, b, c = aten._linalg_det.default(x) : f32[], f32[3, 3], i32[3]
return a, b
---- error
output: uses 'b', which has no form in MLX
