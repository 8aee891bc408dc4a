std: f32[2, 3]
aten.normal.float_Tensor(0.0, std) : f32[2, 3]
---- mlx
std: f32[2, 3]
key: u32[2] random
a = random.normal(key, shape=[2, 3])
multiply(a, std)
---- python
return mx.random.normal((2, 3), key=key) * std
