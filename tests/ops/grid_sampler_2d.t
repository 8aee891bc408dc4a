x: f32[2, 4, 5, 6]
g: f32[2, 3, 3, 2]
aten.grid_sampler_2d.default(x, g, 0, 0, False) : f32[2, 4, 3, 3]
