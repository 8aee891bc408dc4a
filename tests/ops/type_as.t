x: f32[2, 3, 4]
y: f16[1]
aten.type_as.default(x, y) : f16[2, 3, 4]
---- mlx
astype(x, dtype=f16)
---- python
return x.astype(mx.float16)
