a: f32[3, 3]
b: f32[3, 2]
aten.linalg_solve.default(a, b) : f32[3, 2]
---- mlx
solve(a, b)
---- python
return mx.linalg.solve(a, b, stream=mx.cpu)
