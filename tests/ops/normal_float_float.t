aten.normal.float_float(1.0, 2.0, [4]) : f32[4]
---- mlx
key: u32[2] random
a = random.normal(key, shape=[4])
b = multiply(a, 2.0)
add(b, 1.0)
---- python
return mx.random.normal((4,), key=key) * 2.0 + 1.0
