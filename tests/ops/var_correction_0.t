x: f32[2, 3]
aten.var.correction(x, [1], correction=0, keepdim=True) : f32[2, 1]
---- mlx
var(x, axis=[1], ddof=0, keepdims=True)
---- python
return mx.var(x, axis=(1,), ddof=0, keepdims=True)
