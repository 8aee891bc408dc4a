x: f32[3]
n: i64[1]
a = aten._local_scalar_dense.default(n) : int
b = sym.add(a, 1) : int
aten.add.Tensor(x, b) : f32[3]
---- mlx
a = reshape(n, shape=[])
b = add(a, 1)
c = astype(b, dtype=f32)
add(x, c)
---- python
return x + (n.reshape(()) + 1).astype(mx.float32)
