a: f32[3, 3]
b: f32[3, 2]
x, lu, p, info = aten._linalg_solve_ex.default(a, b) : f32[3, 2], f32[3, 3], i32[3], i32[]
return x
---- mlx
solve(a, b)
---- python
return mx.linalg.solve(a, b, stream=mx.cpu)
