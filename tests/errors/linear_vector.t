x: f32[2, 3]
w: f32[3] = parameter "w"
aten.linear.default(x, w) : f32[2]
---- error
node 0 'result': aten.linear.default: a one-dimensional weight has no MLX linear
