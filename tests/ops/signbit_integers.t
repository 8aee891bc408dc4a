x: i64[2]
aten.signbit.default(x) : bool[2]
---- mlx
less(x, 0)
---- python
return x < 0
