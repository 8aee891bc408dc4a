x: f32[2, 3, 4]
v, i = aten.kthvalue.default(x, 2, 1) : f32[2, 4], i64[2, 4]
return v, i
