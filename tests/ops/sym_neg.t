symbol s0: 1..64
n: int(s0)
sym.neg(n) : int(-s0)
---- mlx
int_sub(a=0, b=n)
---- python
return -n
