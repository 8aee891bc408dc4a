x: f32[2, 3 + ]
return x
---- error
line 1, column 15: '3 + ' is not a size expression (column 5)
