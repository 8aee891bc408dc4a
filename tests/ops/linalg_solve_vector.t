a: f32[3, 3]
b: f32[3]
aten.linalg_solve.default(a, b) : f32[3]
---- mlx
c = expand_dims(b, axis=1)
d = solve(a, c)
squeeze(d, axis=1)
---- python
return mx.linalg.solve(a, mx.expand_dims(b, axis=1), stream=mx.cpu).squeeze(1)
