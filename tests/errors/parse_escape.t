x: f32[2, 3]
w: f32[2] = parameter "w\q"
return w
---- error
line 2, column 26: no such escape in a string
