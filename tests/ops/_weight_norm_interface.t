v: f32[4, 3]
g: f32[4, 1]
aten._weight_norm_interface.default(v, g) : f32[4, 3], f32[4, 1]
