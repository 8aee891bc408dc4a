x: f32[2, 3]
aten.log2.default(x) : f32[2, 3]
---- mlx
log2(x)
---- python
return mx.log2(x)
