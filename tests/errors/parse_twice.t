x: f32[2, 3]
x = exp(x)
return x
---- error
line 2, column 11: 'x' is defined twice
