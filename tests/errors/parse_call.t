x: f32[2, 3]
a = exp(x
return a
---- error
line 2, column 10: expected ')'
