x: f32[2, 3, 4]
aten.to.device(x, "cpu", f16) : f16[2, 3, 4]
---- mlx
astype(x, dtype=f16)
---- python
return x.astype(mx.float16)
