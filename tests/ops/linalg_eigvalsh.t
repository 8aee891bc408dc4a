a: f32[3, 3]
aten.linalg_eigvalsh.default(a) : f32[3]
---- mlx
eigvalsh(a, uplo="L")
---- python
return mx.linalg.eigvalsh(a, "L", stream=mx.cpu)
