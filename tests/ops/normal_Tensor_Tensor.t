mean: f32[2, 1]
std: f32[3]
aten.normal.Tensor_Tensor(mean, std) : f32[2, 3]
---- mlx
mean: f32[2, 1]
std: f32[3]
key: u32[2] random
a = random.normal(key, shape=[2, 3])
b = multiply(a, std)
add(b, mean)
---- python
return mx.random.normal((2, 3), key=key) * std + mean
