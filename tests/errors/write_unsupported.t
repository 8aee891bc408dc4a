x: f32[3]
a = aten.normal_.default(x) : f32[3]
return a
