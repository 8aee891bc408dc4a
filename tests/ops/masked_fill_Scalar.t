x: f32[2, 3]
m: bool[2, 1]
aten.masked_fill.Scalar(x, m, -inf) : f32[2, 3]
---- mlx
where(m, -inf, x)
---- python
return mx.where(m, -mx.inf, x)
