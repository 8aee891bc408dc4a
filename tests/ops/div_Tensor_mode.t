x: i64[2]
y: i64[2]
aten.div.Tensor_mode(x, y, rounding_mode="floor") : i64[2]
---- mlx
floor_divide(x, y)
---- python
return x // y
