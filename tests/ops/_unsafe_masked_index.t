x: f32[4]
m: bool[2]
i: i64[2]
aten._unsafe_masked_index.default(x, m, [i], 0.5) : f32[2]
---- mlx
a = where(m, i, 0)
b = take(x, a, axis=0)
where(m, b, 0.5)
---- python
return mx.where(m, mx.take(x, mx.where(m, i, 0), axis=0), 0.5)
