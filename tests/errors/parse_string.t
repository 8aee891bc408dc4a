x: f32[2, 3]
w: f32[2] = parameter "w
return w
---- error
line 2, column 25: expected '"'
