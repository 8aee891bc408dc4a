x: f32[3, 5]
aten.trunc.default(x) : f32[3, 5]
---- mlx
a = ceil(x)
b = floor(x)
c = less(x, 0)
where(c, a, b)
---- python
return mx.where(x < 0, mx.ceil(x), mx.floor(x))
