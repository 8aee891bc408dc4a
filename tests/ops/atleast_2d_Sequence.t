x: f32[]
y: f32[3]
a, b = aten.atleast_2d.Sequence([x, y]) : f32[1, 1], f32[1, 3]
return a, b
