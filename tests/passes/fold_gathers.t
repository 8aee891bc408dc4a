# pass: fold_gathers dce
x: f32[s0, s1]
n = shape(x, axis=0)
m = shape(x, axis=1)
a = arange(start=0, stop=n, step=1, dtype=i64)
b = arange(start=0, stop=m, step=1, dtype=i64)
i = reshape(a, shape=(n, 1, 1, 1))
j = reshape(b, shape=(1, 1, 1, m))
c = gather(x, [i, j], axes=(0, 1))
return c
---- after
x: f32[s0, s1]
a = expand_dims(x, axis=1)
b = expand_dims(a, axis=2)
return b
