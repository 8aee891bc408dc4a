x: bool[2, 3]
aten._is_any_true.default(x) : bool[]
---- mlx
any(x)
---- python
return mx.any(x)
