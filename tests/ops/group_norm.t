x: f32[2, 6, 4, 5]
aten.group_norm.default(x, 3) : f32[2, 6, 4, 5]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = group_norm(a, num_groups=3, eps=1e-05)
transpose(b, axes=[0, 3, 1, 2])
---- python
x = x.transpose(0, 2, 3, 1)
return nn.GroupNorm(3, 3, 1e-05, False, True)(x).transpose(0, 3, 1, 2)
