v: f32[4, 3]
g: f32[4, 1]
aten._weight_norm.default(v, g) : f32[4, 3]
