x: f32[2, 3]
aten.add.Scalar(x, 2) : f32[2, 3]
---- mlx
add(x, 2)
---- python
return x + 2
