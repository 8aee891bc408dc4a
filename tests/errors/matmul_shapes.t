# MLX's own reason is given.
x: f32[2, 3]
y: f32[2, 3]
aten.matmul.default(x, y) : f32[2, 3]
---- error
node 0 'result': aten.matmul.default: MLX op 'matmul' does not take these arguments: [matmul] Last dimension of first input with shape (2,3) must match second to last dimension of second input with shape (2,3).
