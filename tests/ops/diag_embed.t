x: f32[2, 3]
aten.diag_embed.default(x) : f32[2, 3, 3]
