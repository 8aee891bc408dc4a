x: f32[3, 3]
a, b = aten.linalg_inv_ex.default(x) : f32[3, 3], i32[]
return a, b
---- error
output: uses 'b', which has no form in MLX
