x: f32[2, 4, 5, 6, 7]
g: f32[2, 3, 3, 3, 3]
aten.grid_sampler_3d.default(x, g, 1, 1, False) : f32[2, 4, 3, 3, 3]
