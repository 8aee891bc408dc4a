x: f32[2, 3, 4]
aten.repeat_interleave.self_int(x, 2) : f32[48]
