x: f32[2]
m: bool[]
aten._assert_async.msg(m, "holds")
return x
---- mlx
a = require(m, message="holds")
return x
---- python
if not m:
    raise ValueError("holds")
return x
