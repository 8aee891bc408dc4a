x: f32[2, 4, 6, 6, 6]
aten.upsample_trilinear3d.vec(x, [6, 6, 3], False, None) : f32[2, 4, 6, 6, 3]
