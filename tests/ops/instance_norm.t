x: f32[2, 6, 4, 5]
aten.instance_norm.default(x, None, None, None, None, True, 0.1, 1e-05, True) : f32[2, 6, 4, 5]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = instance_norm(a, eps=1e-05)
transpose(b, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
return nn.InstanceNorm(1, 1e-05)(x).transpose(0, 3, 1, 2)
