symbol s0: 2..64
x: f32[s0, 3]
m = aten.sym_numel.default(x) : int(3*s0)
aten.view.default(x, [m]) : f32[3*s0]
---- mlx
a = shape(x, axis=0)
b = int_mul(a=a, b=3)
reshape(x, shape=[b])
---- python
return x.reshape(-1)
