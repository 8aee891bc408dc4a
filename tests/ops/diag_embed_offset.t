x: f32[2, 3]
aten.diag_embed.default(x, -1, 0, 2) : f32[4, 2, 4]
