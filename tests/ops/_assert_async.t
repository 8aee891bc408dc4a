x: f32[2]
m: bool[]
aten._assert_async.default(m)
return x
---- mlx
a = require(m)
return x
---- python
if not m:
    raise ValueError("this model was traced with m")
return x
