x: f32[3]
aten._neg_view.default(x) : f32[3]
---- mlx
negative(x)
---- python
return -x
