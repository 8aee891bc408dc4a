x: f32[2, 4, 5]
aten.group_norm.default(x, 2) : f32[2, 4, 5]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = group_norm(a, num_groups=2, eps=1e-05)
transpose(b, axes=[0, 2, 1])
---- python
x = x.transpose(0, 2, 1)
return nn.GroupNorm(2, 2, 1e-05, False, True)(x).transpose(0, 2, 1)
