x: f32[2, 3]
return x x
---- error
line 2, column 10: 'x' is not understood here
