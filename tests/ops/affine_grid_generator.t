t: f32[2, 2, 3]
aten.affine_grid_generator.default(t, [2, 3, 4, 5], False) : f32[2, 4, 5, 2]
