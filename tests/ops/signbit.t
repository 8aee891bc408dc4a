x: f32[2, 3]
aten.signbit.default(x) : bool[2, 3]
---- mlx
a = bits(x, dtype=i32)
less(a, 0)
---- python
return x.view(mx.int32) < 0
