# pass: cse dce
x: f32[s0, 3]
y: f32[s0, 5]
m = shape(x, axis=0)
n = shape(y, axis=0)
a = reshape(x, shape=(m, 3, 1))
b = reshape(y, shape=(n, 5, 1))
return a, b
---- after
x: f32[s0, 3]
y: f32[s0, 5]
m = shape(x, axis=0)
a = reshape(x, shape=(m, 3, 1))
b = reshape(y, shape=(m, 5, 1))
return a, b
