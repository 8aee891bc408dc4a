x: f32[2]
m: bool[]
aten._assert_async.msg(m, "holds")
return x
---- mlx
return x
---- python
return x
