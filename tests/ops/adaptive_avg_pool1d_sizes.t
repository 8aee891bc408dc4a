symbol s0: 2..64
x: f32[2, 4, s0]
aten.adaptive_avg_pool1d.default(x, [3]) : f32[2, 4, 3]
