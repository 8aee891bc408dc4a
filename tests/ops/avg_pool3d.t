x: f32[2, 4, 8, 8, 8]
aten.avg_pool3d.default(x, [2, 2, 2]) : f32[2, 4, 4, 4, 4]
