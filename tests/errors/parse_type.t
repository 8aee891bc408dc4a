x: f33[2, 3]
return x
---- error
line 1, column 7: 'f33' is not a type
