x: b[5]
aten.diff.default(x) : b[4]
---- error
line 1, column 5: 'b' is not a type
