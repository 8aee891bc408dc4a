x: f32[2, 3]
w: f32[1] = parameter "w"
aten.prelu.default(x, w) : f32[2, 3]
---- mlx
a = multiply(w, x)
b = greater(x, 0)
where(b, x, a)
---- python
return mx.where(x > 0, x, self.w * x)
