x: f32[2]
m: bool[]
aten._assert_async.default(m)
return x
---- mlx
return x
---- python
return x
