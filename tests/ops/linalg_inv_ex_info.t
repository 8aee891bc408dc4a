a: f32[2, 3, 3]
x, info = aten.linalg_inv_ex.default(a) : f32[2, 3, 3], i32[2]
return x, info
---- mlx
b = inv(a)
c = full(shape=[2], value=0, dtype=i32)
return b, c
---- python
return mx.linalg.inv(a, stream=mx.cpu), mx.zeros((2,), dtype=mx.int32)
