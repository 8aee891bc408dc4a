# pass: fold_constants dce
x: bool[2, 4]
a = arange(start=0, stop=6, step=1, dtype=i64)
b = slice(a, axis=0, start=1, stop=5, step=1)
c = expand_dims(b, axis=0)
d = greater_equal(c, 0)
e = logical_and(x, d)
return e, c
---- after
x: bool[2, 4]
b = arange(start=1, stop=5, dtype=i64)
c = expand_dims(b, axis=0)
return x, c
