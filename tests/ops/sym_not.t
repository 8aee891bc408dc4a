x: f32[3]
n: i64[]
a = aten.item.default(n) : int
b = sym.gt(a, 3) : bool
c = sym.not(b) : bool
aten._assert_scalar.default(c, "message")
return x
---- mlx
a = greater(n, 3)
b = logical_not(a)
c = require(b)
return x
---- python
if not mx.logical_not(n > 3):
    raise ValueError("this model was traced with mx.logical_not(n > 3)")
return x
