a: f32[3, 3]
aten.cholesky_inverse.default(a) : f32[3, 3]
---- mlx
b = eye(n=3, dtype=f32)
c = transpose(a, axes=[1, 0])
d = solve_triangular(a, b, upper=False)
solve_triangular(c, d, upper=True)
---- python
a_2 = mx.linalg.solve_triangular(a, mx.eye(3, dtype=mx.float32), upper=False, stream=mx.cpu)
return mx.linalg.solve_triangular(a.transpose(1, 0), a_2, upper=True, stream=mx.cpu)
