x: f32[2, 3]
aten.argmax.default(x, None, True) : i64[1, 1]
---- mlx
a = reshape(x, shape=[-1])
b = argmax(a, axis=0)
c = reshape(b, shape=[1, 1])
astype(c, dtype=i64)
---- python
return mx.argmax(x.reshape(-1), axis=0).reshape(1, 1).astype(mx.int64)
