x: f32[2, 3]
y: f32[2, 3]
m: f32[2, 1]
r: f32[2, 1]
a, b, c = aten.native_layer_norm_backward.default(x, y, [3], m, r, None, None, [True, False, False]) : f32[2, 3], f32[3], f32[3]
return a
---- error
node 0 'a': aten.native_layer_norm_backward.default has no MLX lowering: it computes gradients, which MLX takes of the model itself (nn.value_and_grad)
