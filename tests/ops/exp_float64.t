# MLX has no float64 on the GPU: it is held as float32.
x: f64[2]
aten.exp.default(x) : f64[2]
---- mlx
x: f32[2]
exp(x)
---- python
return mx.exp(x)
