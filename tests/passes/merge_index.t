# pass: merge_index dce
x: f32[4, 6]
a = expand_dims(x, axis=1)
b = expand_dims(a, axis=2)
c = slice(b, axis=3, start=0, stop=3, step=1)
d = select(x, axis=1, index=0)
return c, d
---- after
x: f32[4, 6]
c = index(x, items=(":", None, None, (None, 3, None))) : f32[4, 1, 1, 3]
d = index(x, items=(":", 0)) : f32[4]
return c, d
