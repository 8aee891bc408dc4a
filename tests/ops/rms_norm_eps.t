# Halves are computed in float32, whose epsilon is the default.
x: f16[2, 8]
aten.rms_norm.default(x, [8]) : f16[2, 8]
---- mlx
rms_norm(x, eps=1.1920928955078125e-07)
---- python
return mx.fast.rms_norm(x, None, 1.1920928955078125e-07)
