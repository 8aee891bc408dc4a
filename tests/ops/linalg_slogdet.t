a: f32[3, 3]
s, l = aten.linalg_slogdet.default(a) : f32[], f32[]
return s, l
