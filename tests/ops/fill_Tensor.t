x: f32[2, 3]
y: f32[]
aten.fill.Tensor(x, y) : f32[2, 3]
---- error
node 0 'result': aten.fill.Tensor has no MLX lowering
