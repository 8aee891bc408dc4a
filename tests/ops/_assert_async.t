x: f32[2]
m: b[]
aten._assert_async.default(m)
return x
---- error
line 2, column 5: 'b' is not a type
