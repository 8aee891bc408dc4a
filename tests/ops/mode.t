x: f32[2, 3]
a, b = aten.mode.default(x) : f32[2], i64[2]
return a, b
