x: f32[2, 3, 4]
aten.view.dtype(x, i32) : i32[2, 3, 4]
---- mlx
view(x, dtype=i32)
---- python
return x.view(mx.int32)
