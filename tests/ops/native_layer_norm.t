x: f32[2, 6]
aten.native_layer_norm.default(x, [6], None, None, 1e-05) : f32[2, 6], f32[2, 1], f32[2, 1]
