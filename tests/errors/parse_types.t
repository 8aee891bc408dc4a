x: f32[2, 8]
a, b = split(x, indices=[2], axis=1) : f32[2, 2]
return a, b
---- error
line 2, column 49: expected ','
