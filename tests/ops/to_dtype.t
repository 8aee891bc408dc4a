x: f32[2, 3, 4]
aten.to.dtype(x, f16) : f16[2, 3, 4]
