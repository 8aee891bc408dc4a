x: f32[2, 3, 4]
i: i64[5]
j: i64[6, 1]
aten.index.Tensor(x, [i, j]) : f32[6, 5, 4]
---- mlx
gather(x, [i, j], axes=[0, 1])
---- python
return x[i, j]
