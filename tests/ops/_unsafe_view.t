x: f32[2, 6]
aten._unsafe_view.default(x, [4, 3]) : f32[4, 3]
---- mlx
reshape(x, shape=[4, 3])
---- python
return x.reshape(4, 3)
