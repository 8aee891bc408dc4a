x: f32[3, 3]
y: f32[3, 3]
aten._softmax_backward_data.default(x, y, 1, f32) : f32[3, 3]
---- error
node 0 'result': aten._softmax_backward_data.default has no MLX lowering: it computes gradients, which MLX takes of the model itself (nn.value_and_grad)
