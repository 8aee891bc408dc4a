# pass: fuse_linear dce
x: f32[2, 8]
w: f32[4, 8] = parameter "proj.weight"
b: f32[4] = parameter "proj.bias"
t = transpose(w, axes=(1, 0))
a = matmul(x, t)
c = add(a, b)
return c
---- after
x: f32[2, 8]
w: f32[4, 8] = parameter "proj.weight"
b: f32[4] = parameter "proj.bias"
c = linear(x, w, bias=b)
return c
