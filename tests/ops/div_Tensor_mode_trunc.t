x: f32[2, 3]
aten.div.Tensor_mode(x, x, rounding_mode="trunc") : f32[2, 3]
---- mlx
a = divide(x, x)
b = floor(a)
c = ceil(a)
d = less(a, 0)
where(d, c, b)
---- python
x = x / x
return mx.where(x < 0, mx.ceil(x), mx.floor(x))
