x: f32[2, 3]
y: i64[3]
aten.copy.default(x, y) : f32[2, 3]
