x: f32[2, 3]
aten.constant_pad_nd.default(x, [-1, 0]) : f32[2, 2]
---- error
node 0 'result': aten.constant_pad_nd.default: negative padding has no MLX form yet
