x: f32[3]
n: i64[]
a = aten.item.default(n) : int
b = sym.eq(a, 3) : bool
aten._assert_scalar.default(b, "message")
return x
---- mlx
a = equal(n, 3)
b = require(a)
return x
---- python
if not n == 3:
    raise ValueError("this model was traced with n == 3")
return x
