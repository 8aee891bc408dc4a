x: f32[2, 3]
a = exp(x) : f32[2, 3] @7
return a
---- error
line 2, column 26: no such scope
