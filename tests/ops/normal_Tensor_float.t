mean: f32[2, 3]
aten.normal.Tensor_float(mean, 0.5) : f32[2, 3]
---- mlx
mean: f32[2, 3]
key: u32[2] random
a = random.normal(key, shape=[2, 3])
b = multiply(a, 0.5)
add(b, mean)
---- python
return mx.random.normal((2, 3), key=key) * 0.5 + mean
