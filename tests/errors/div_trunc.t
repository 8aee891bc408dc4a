x: f32[2, 3]
aten.div.Tensor_mode(x, x, rounding_mode="trunc") : f32[2, 3]
---- error
node 0 'result': aten.div.Tensor_mode: rounding_mode='trunc' has no MLX form yet
