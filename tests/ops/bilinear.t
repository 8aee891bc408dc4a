a: f32[3, 4]
b: f32[3, 5]
w: f32[6, 4, 5] = parameter "w"
aten.bilinear.default(a, b, w) : f32[3, 6]
---- mlx
c = transpose(w, axes=[0, 2, 1])
bilinear(a, b, c)
---- python
weight = self.w.transpose(0, 2, 1)
return nn.Bilinear(1, 1, 1, False).update(dict(weight=weight))(a, b)
