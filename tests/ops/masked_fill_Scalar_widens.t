# The mask may have more axes than the tensor.
x: f32[3]
m: bool[2, 3]
aten.masked_fill.Scalar(x, m, 0) : f32[2, 3]
---- mlx
where(m, 0, x)
---- python
return mx.where(m, 0, x)
