# pass: fold_gathers dce
x: f32[s0, 3]
y: f32[s1, 7]
n = shape(y, axis=0)
a = arange(start=0, stop=n, step=1, dtype=i64)
b = take(x, a, axis=0)
return b
---- after
x: f32[s0, 3]
y: f32[s1, 7]
n = shape(y, axis=0)
b = slice(x, axis=0, start=0, stop=n, step=1) : f32[s1, 3]
return b
