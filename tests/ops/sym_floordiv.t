symbol s0: 1..64
n: int(s0)
sym.floordiv(n, 2) : int(floordiv(s0, 2))
---- mlx
int_floordiv(a=n, b=2)
---- python
return n // 2
