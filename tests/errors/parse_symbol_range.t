symbol s0: 9..4
x: f32[s0]
return x
---- error
line 1, column 16: the range holds no size
