a: f32[3, 3]
x, info = aten.linalg_inv_ex.default(a) : f32[3, 3], i32[]
return x
---- mlx
b = inv(a)
c = full(shape=[], value=0, dtype=i32)
return b
---- python
return mx.linalg.inv(a, stream=mx.cpu)
