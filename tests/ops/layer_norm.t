x: f32[2, 8]
w: f32[8] = parameter "w"
b: f32[8] = parameter "b"
aten.layer_norm.default(x, [8], w, b) : f32[2, 8]
---- mlx
layer_norm(x, weight=w, bias=b, eps=1e-05)
---- python
return mx.fast.layer_norm(x, self.w, self.b, 1e-05)
