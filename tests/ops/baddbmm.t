x: f32[2, 3, 4]
y: f32[2, 4, 5]
z: f32[2, 3, 5]
aten.baddbmm.default(z, x, y, beta=0.5, alpha=2) : f32[2, 3, 5]
