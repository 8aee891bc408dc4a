x: f32[]
y: f32[3]
a, b = aten.atleast_1d.Sequence([x, y]) : f32[1], f32[3]
return a, b
