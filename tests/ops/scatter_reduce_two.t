x: f32[3, 5]
i: i64[3, 2]
y: f32[3, 2]
aten.scatter_reduce.two(x, 1, i, y, "amax") : f32[3, 5]
---- mlx
a = arange(stop=3, dtype=i32)
b = expand_dims(a, axis=1)
scatter_maximum(x, y, [b, i], axes=[0, 1])
---- python
return x.at[mx.expand_dims(mx.arange(3), axis=1), i].maximum(y)
