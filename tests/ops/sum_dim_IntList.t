x: f32[2, 3]
aten.sum.dim_IntList(x, [-1], True) : f32[2, 1]
---- mlx
sum(x, axis=[1], keepdims=True)
---- python
return mx.sum(x, axis=(1,), keepdims=True)
