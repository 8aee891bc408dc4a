x: f32[2, 3, 4]
y: f32[3, 4, 5]
aten.tensordot.default(x, y, [1, 2], [0, 1]) : f32[2, 5]
---- mlx
tensordot(x, y, axes_a=[1, 2], axes_b=[0, 1])
---- python
return mx.tensordot(x, y, [(1, 2), (0, 1)])
