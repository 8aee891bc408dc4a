a: f32[3, 3]
b: f32[3, 2]
aten.linalg_solve_triangular.default(a, b, upper=True) : f32[3, 2]
---- mlx
solve_triangular(a, b, upper=True)
---- python
return mx.linalg.solve_triangular(a, b, upper=True, stream=mx.cpu)
