x: f32[2, 3]
mutate buffer "n" = y
y = exp(x)
return y
---- error
line 2, column 22: 'y' is not defined
