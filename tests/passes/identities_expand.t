# pass: identities dce
x: f32[2, 5]
a = expand_dims(x, axis=1)
b = transpose(a, axes=(0, 2, 1))
return b
---- after
x: f32[2, 5]
expand_dims = expand_dims(x, axis=2)
return expand_dims
