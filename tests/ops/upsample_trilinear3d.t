x: f32[2, 4, 6, 6, 6]
aten.upsample_trilinear3d.default(x, [12, 6, 6], False) : f32[2, 4, 12, 6, 6]
