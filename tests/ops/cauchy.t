x: f32[4]
aten.cauchy.default(x, 1.0, 2.0) : f32[4]
---- mlx
x: f32[4]
key: u32[2] random
a = random.uniform(key, low=-0.5, high=0.5, shape=[4])
b = multiply(a, 3.141592653589793)
c = tan(b)
d = multiply(c, 2.0)
add(d, 1.0)
---- python
return mx.tan(mx.random.uniform(-0.5, 0.5, (4,), key=key) * 3.141592653589793) * 2.0 + 1.0
