x: f32[2, 4, 5, 6]
g: f32[2, 3, 3, 2]
aten.grid_sampler.default(x, g, 0, 2, False) : f32[2, 4, 3, 3]
