x: f32[2, 3]
aten.rsqrt.default(x) : f32[2, 3]
---- mlx
rsqrt(x)
---- python
return mx.rsqrt(x)
