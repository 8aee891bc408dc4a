x: f32[2, 3]
aten.copysign.Scalar(x, -1) : f32[2, 3]
---- mlx
a = abs(x)
negative(a)
---- python
return -mx.abs(x)
