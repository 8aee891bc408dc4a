x: f32[3]
y: f32[3]
aten.vdot.default(x, y) : f32[]
