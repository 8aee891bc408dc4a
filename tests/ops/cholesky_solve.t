a: f32[3, 3]
b: f32[3, 2]
aten.cholesky_solve.default(b, a) : f32[3, 2]
---- mlx
c = transpose(a, axes=[1, 0])
d = solve_triangular(a, b, upper=False)
solve_triangular(c, d, upper=True)
---- python
x = mx.linalg.solve_triangular(a, b, upper=False, stream=mx.cpu)
return mx.linalg.solve_triangular(a.transpose(1, 0), x, upper=True, stream=mx.cpu)
