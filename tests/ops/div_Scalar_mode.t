x: f32[2, 3]
aten.div.Scalar_mode(x, 2, rounding_mode='floor') : f32[2, 3]
---- error
line 2, column 42: expected an argument
