x: f32[5, 2, 3]
w: f32[4, 3] = parameter "w"
aten.linear.default(x, w) : f32[5, 2, 4]
---- mlx
linear(x, w)
---- python
return x @ self.w.T
