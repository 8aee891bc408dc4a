x: f32[4, 3]
m: b[4]
v: f32[]
aten.index_put.default(x, [m], v) : f32[4, 3]
---- error
line 2, column 5: 'b' is not a type
