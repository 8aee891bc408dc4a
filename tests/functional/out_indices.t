x: f32[2, 3]
v: f32[2]
i: i64[2]
a, b = aten.max.dim_max(x, 1, max=v, max_values=i) : f32[2], i64[2]
return a
---- functional
a, b = aten.max.dim(x, 1) : f32[2], i64[2]
mutate input "v" = a
mutate input "i" = b
return a
---- mlx
a = max(x, axis=[1])
b = argmax(x, axis=1)
c = astype(b, dtype=i64)
mutate input "v" = a
mutate input "i" = c
return a
---- python
x_2 = mx.max(x, axis=(1,))
astype = mx.argmax(x, axis=1).astype(mx.int64)
v[...] = x_2
i[...] = astype
return x_2
