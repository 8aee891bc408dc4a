x: i64[2, 3]
high: f32[3]
aten.clamp.Tensor(x, None, high) : f32[2, 3]
---- mlx
a = astype(x, dtype=f32)
minimum(a, high)
---- python
return mx.minimum(x.astype(mx.float32), high)
