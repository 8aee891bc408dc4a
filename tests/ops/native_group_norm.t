x: f32[2, 6, 5]
y0, y1, y2 = aten.native_group_norm.default(x, None, None, 2, 6, 5, 3, 1e-05) : f32[2, 6, 5], f32[2, 3], f32[2, 3]
return y0, y1, y2
---- mlx
a = reshape(x, shape=[2, 3, -1])
b = mean(a, axis=[2], keepdims=False)
c = var(a, axis=[2])
d = transpose(x, axes=[0, 2, 1])
e = group_norm(d, num_groups=3, eps=1e-05)
f = transpose(e, axes=[0, 2, 1])
g = add(c, 1e-05)
h = rsqrt(g)
return f, b, h
---- python
x_2 = x.reshape(2, 3, -1)
x_2_2 = mx.mean(x_2, axis=(2,), keepdims=False)
x = x.transpose(0, 2, 1)
x = nn.GroupNorm(3, 3, 1e-05, False, True)(x).transpose(0, 2, 1)
x_2 = mx.rsqrt(mx.var(x_2, axis=(2,)) + 1e-05)
return x, x_2_2, x_2
