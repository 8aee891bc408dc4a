scope 2: a <A> #0 in 0
x: f32[2, 3]
return x
---- error
line 1, column 8: scopes are numbered from 1 on
