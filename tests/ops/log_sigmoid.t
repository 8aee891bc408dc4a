x: f32[3, 5]
aten.log_sigmoid.default(x) : f32[3, 5]
---- mlx
a = negative(x)
b = logaddexp(a, 0)
negative(b)
---- python
return -mx.logaddexp(-x, 0)
