x: f32[2, 3]
w: f32[4, 3] = parameter "w"
b: f32[4] = parameter "b"
aten.linear.default(x, w, b) : f32[2, 4]
---- mlx
linear(x, w, bias=b)
---- python
return mx.addmm(self.b, x, self.w.T)
