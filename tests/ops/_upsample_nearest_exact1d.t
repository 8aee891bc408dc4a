x: f32[2, 4, 6]
aten._upsample_nearest_exact1d.default(x, [12]) : f32[2, 4, 12]
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = repeat(a, repeats=2, axis=1)
transpose(b, axes=[0, 2, 1])
---- python
return mx.repeat(x.transpose(0, 2, 1), 2, axis=1).transpose(0, 2, 1)
