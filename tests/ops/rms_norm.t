x: f32[2, 8]
w: f32[8] = parameter "w"
aten.rms_norm.default(x, [8], w, 1e-06) : f32[2, 8]
---- mlx
rms_norm(x, weight=w, eps=1e-06)
---- python
return mx.fast.rms_norm(x, self.w, 1e-06)
