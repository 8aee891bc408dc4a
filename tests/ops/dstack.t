x: f32[3]
y: f32[3]
aten.dstack.default([x, y]) : f32[1, 3, 2]
---- mlx
a = expand_dims(x, axis=0)
b = expand_dims(a, axis=2)
c = expand_dims(y, axis=0)
d = expand_dims(c, axis=2)
concatenate([b, d], axis=2)
---- python
x = mx.expand_dims(x, axis=0)
y = mx.expand_dims(mx.expand_dims(y, axis=0), axis=2)
concatenate = mx.concatenate([mx.expand_dims(x, axis=2), y], axis=2)
return concatenate
