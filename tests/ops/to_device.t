x: f32[2, 3, 4]
aten.to.device(x, "cpu", f16) : f16[2, 3, 4]
