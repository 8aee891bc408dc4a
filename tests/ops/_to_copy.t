x: f32[2, 3]
aten._to_copy.default(x, dtype=f16) : f16[2, 3]
---- mlx
astype(x, dtype=f16)
---- python
return x.astype(mx.float16)
