x: f32[2, 3]
v: f32[2]
i: i64[2]
a, b = aten.max.dim_max(x, 1, max=v, max_values=i) : f32[2], i64[2]
return a
