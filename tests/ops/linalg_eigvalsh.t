a: f32[3, 3]
aten.linalg_eigvalsh.default(a) : f32[3]
