x: f32[2, 3]
m: b[2, 3]
y: f32[4]
aten.masked_scatter.default(x, m, y) : f32[2, 3]
---- error
line 2, column 5: 'b' is not a type
