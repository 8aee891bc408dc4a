x: f32[2, 3, 4]
i: i64[5]
aten.index.Tensor(x, [i, None, i]) : f32[5, 3]
---- mlx
a = transpose(x, axes=[0, 2, 1])
gather(a, [i, i], axes=[0, 1])
---- python
return x.transpose(0, 2, 1)[i, i]
