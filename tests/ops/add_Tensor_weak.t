# A 0-d tensor of the same kind does not widen.
x: f16[2, 3]
y: f32[]
aten.add.Tensor(x, y) : f16[2, 3]
---- mlx
a = astype(y, dtype=f16)
add(x, a)
---- python
return x + y.astype(mx.float16)
