symbol s0: 4..64
x: f32[2, 4, s0, 9]
aten.max_pool2d.default(x, [2, 2], [2, 2], [0, 0], [1, 1], True) : f32[2, 4, floordiv(s0 + 1, 2), 5]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = shape(a, axis=1)
c = int_add(a=b, b=-2)
d = int_add(a=b, b=1)
e = int_floordiv(a=d, b=2)
f = int_add(a=c, b=1)
g = int_floordiv(a=f, b=2)
h = int_add(a=g, b=1)
i = int_min(a=h, b=e)
j = int_sub(a=i, b=1)
k = int_mul(a=j, b=2)
l = int_sub(a=k, b=c)
m = int_max(a=l, b=0)
n = int_floordiv(a=10, b=2)
o = int_floordiv(a=8, b=2)
p = pad(a, widths=[[0, 0], [0, m], [0, 1], [0, 0]], value=-inf)
q = max_pool2d(p, kernel_size=[2, 2], stride=[2, 2], padding=[0, 0])
transpose(q, axes=[0, 3, 1, 2]) : f32[2, 4, floordiv(s0 + 1, 2), 5]
---- python
H = x.shape[2]
x = x.transpose(0, 2, 3, 1)
x = mx.pad(
    x,
    ((0, 0), (0, max(2 * ((H + 1) // 2) - H, 0)), (0, 1), (0, 0)),
    constant_values=-mx.inf,
)
return nn.MaxPool2d((2, 2), (2, 2), (0, 0))(x).transpose(0, 3, 1, 2)
