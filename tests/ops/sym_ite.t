x: f32[3]
m: bool[]
a = aten.item.default(m) : bool
b = sym.ite(a, 1, 0) : int
aten.add.Tensor(x, b) : f32[3]
---- mlx
a = where(m, 1, 0)
b = astype(a, dtype=f32)
add(x, b)
---- python
return x + mx.where(m, 1, 0).astype(mx.float32)
