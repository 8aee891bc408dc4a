a: f32[3, 3]
b: f32[3, 2]
aten.linalg_solve_triangular.default(a, b, upper=True, unitriangular=True) : f32[3, 2]
---- mlx
c = arange(stop=3, dtype=i32)
d = expand_dims(c, axis=1)
e = arange(stop=3, dtype=i32)
f = equal(d, e)
g = where(f, 1, a)
solve_triangular(g, b, upper=True)
---- python
condition = mx.expand_dims(mx.arange(3), axis=1) == mx.arange(3)
return mx.linalg.solve_triangular(mx.where(condition, 1, a), b, upper=True, stream=mx.cpu)
