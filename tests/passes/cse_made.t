# pass: cse
# What takes nothing to compute is made where it is used, not handed into modules; in one scope, it is made once.
x: f32[2, 3]
i = arange(stop=3, dtype=i64)
j = expand_dims(i, axis=0)
a = add(x, j)
k = arange(stop=3, dtype=i64) @ layers.0 <Block>
l = arange(stop=3, dtype=i64) @ layers.0 <Block>
m = expand_dims(l, axis=0) @ layers.0 <Block>
b = add(a, k) @ layers.0 <Block>
c = multiply(b, m) @ layers.0 <Block>
return c
---- after
x: f32[2, 3]
i = arange(stop=3, dtype=i64)
j = expand_dims(i, axis=0)
a = add(x, j)
k = arange(stop=3, dtype=i64) @ layers.0 <Block>
m = expand_dims(k, axis=0) @ layers.0 <Block>
b = add(a, k) @ layers.0 <Block>
c = multiply(b, m) @ layers.0 <Block>
return c
