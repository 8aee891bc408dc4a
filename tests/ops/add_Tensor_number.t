# An integer tensor and a float give the default dtype.
x: i64[2, 3]
aten.add.Tensor(x, 1.5) : f32[2, 3]
---- mlx
a = astype(x, dtype=f32)
add(a, 1.5)
---- python
return x.astype(mx.float32) + 1.5
