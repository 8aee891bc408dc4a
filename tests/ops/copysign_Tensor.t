x: f32[2, 3]
y: f32[2, 3]
aten.copysign.Tensor(x, y) : f32[2, 3]
---- mlx
a = abs(x)
b = negative(a)
c = bits(y, dtype=i32)
d = less(c, 0)
where(d, b, a)
---- python
x = mx.abs(x)
return mx.where(y.view(mx.int32) < 0, -x, x)
