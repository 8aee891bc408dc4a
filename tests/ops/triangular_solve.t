a: f32[3, 3]
b: f32[3, 2]
x, y = aten.triangular_solve.default(b, a) : f32[3, 2], f32[3, 3]
return x
---- mlx
solve_triangular(a, b, upper=True)
---- python
return mx.linalg.solve_triangular(a, b, upper=True, stream=mx.cpu)
