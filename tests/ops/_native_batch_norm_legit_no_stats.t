x: f32[2, 3, 5]
y, u, v2 = aten._native_batch_norm_legit.no_stats(x, None, None, True, 0.1, 1e-05) : f32[2, 3, 5], f32[3], f32[3]
return y
