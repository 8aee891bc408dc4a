x: bool[2, 3, 4]
aten.any.dims(x, [0, 2], True) : bool[1, 3, 1]
---- mlx
any(x, axis=[0, 2], keepdims=True)
---- python
return mx.any(x, axis=(0, 2), keepdims=True)
