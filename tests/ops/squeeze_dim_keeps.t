# An axis of another size than 1 stays.
x: f32[1, 3, 1]
aten.squeeze.dim(x, 1) : f32[1, 3, 1]
---- mlx
return x
---- python
return x
