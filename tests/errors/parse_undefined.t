x: f32[2, 3]
a = exp(y)
return a
---- error
line 2, column 10: 'y' is not defined
