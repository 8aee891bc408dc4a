b: f32[4]
x: f32[2, 3]
y: f32[3, 4]
aten.addmm.default(b, x, y, alpha=2) : f32[2, 4]
---- error
node 0 'result': aten.addmm.default: alpha and beta other than 1 have no MLX form yet
