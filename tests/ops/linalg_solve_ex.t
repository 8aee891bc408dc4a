a: f32[3, 3]
b: f32[3, 2]
x, info = aten.linalg_solve_ex.default(a, b) : f32[3, 2], i32[]
return x
---- mlx
c = solve(a, b)
d = full(shape=[], value=0, dtype=i32)
return c
---- python
return mx.linalg.solve(a, b, stream=mx.cpu)
