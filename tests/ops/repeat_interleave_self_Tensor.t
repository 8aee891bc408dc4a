x: f32[2, 3]
r: i64[2]
aten.repeat_interleave.self_Tensor(x, r, 0) : f32[5, 3]
