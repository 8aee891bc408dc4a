symbol s0: 1..64
n: int(s0)
sym.mul(n, 2) : int(2*s0)
---- mlx
int_mul(a=n, b=2)
---- python
return 2 * n
