symbol s0: 1..64
n: int(s0)
sym.add(n, 1) : int(s0 + 1)
---- mlx
int_add(a=n, b=1)
---- python
return n + 1
