x: f32[2, 3]
aten.argmax.default(x) : i64[]
---- mlx
a = reshape(x, shape=[-1])
b = argmax(a, axis=0)
astype(b, dtype=i64)
---- python
return mx.argmax(x.reshape(-1), axis=0).astype(mx.int64)
