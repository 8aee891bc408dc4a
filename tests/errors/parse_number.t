x: f32[2, 3]
a = add(x, 1e999)
return a
---- error
line 2, column 12: expected a number
