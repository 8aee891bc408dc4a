x: f32[3, 5]
i: i64[2, 5]
y: f32[2, 5]
aten.scatter.reduce(x, 0, i, y, reduce="multiply") : f32[3, 5]
---- mlx
a = arange(stop=5, dtype=i32)
b = expand_dims(a, axis=0)
scatter_multiply(x, y, [i, b], axes=[0, 1])
---- python
return x.at[i, mx.expand_dims(mx.arange(5), axis=0)].multiply(y)
