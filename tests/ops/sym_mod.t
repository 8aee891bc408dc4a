symbol s0: 1..64
n: int(s0)
sym.mod(n, 2) : int(mod(s0, 2))
---- mlx
int_mod(a=n, b=2)
---- python
return n % 2
