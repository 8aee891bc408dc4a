x: f32[2, 5]
y: f16[2, 5]
aten.slice_scatter.default(x, y) : f32[2, 5]
---- mlx
astype(y, dtype=f32)
---- python
return y.astype(mx.float32)
