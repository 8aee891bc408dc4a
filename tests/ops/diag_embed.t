x: f32[2, 3]
aten.diag_embed.default(x) : f32[2, 3, 3]
---- mlx
a = expand_dims(x, axis=2)
b = arange(stop=3, dtype=i32)
c = expand_dims(b, axis=1)
d = arange(stop=3, dtype=i32)
e = equal(c, d)
where(e, a, 0)
---- python
x = mx.expand_dims(x, axis=2)
return mx.where(mx.expand_dims(mx.arange(3), axis=1) == mx.arange(3), x, 0)
