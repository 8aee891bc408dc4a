symbol s0: 2..64
x: f32[s0 + 3]
y: f32[s0]
n = aten.sym_size.int(y, 0) : int(s0)
a, b, d = aten.split_with_sizes.default(x, [1, n, 2]) : f32[1], f32[s0], f32[2]
return a, b, d
---- mlx
a = shape(y, axis=0)
b = int_add(a=1, b=a)
c, d, e = split(x, indices=[1, b], axis=0)
return c, d, e
---- python
B = y.shape[0]
x, split, split_2 = mx.split(x, (1, B + 1), axis=0)
return x, split, split_2
