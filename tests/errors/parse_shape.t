x: f32[2, 3
return x
---- error
line 1, column 12: expected ']'
