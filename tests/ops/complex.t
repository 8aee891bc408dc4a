x: f32[3]
y: f32[3]
aten.complex.default(x, y) : c64[3]
