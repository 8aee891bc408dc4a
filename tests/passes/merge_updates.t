x: f32[2, 5, 3]
v: f32[4]
a = slice(x, axis=1, start=1)
b = select(a, axis=2, index=0)
c = add(b, v)
d = index_update(a, c, items=(":", ":", 0))
e = index_update(x, d, items=(":", (1, None, None)))
return e
---- after
x: f32[2, 5, 3]
v: f32[4]
a = slice(x, axis=1, start=1)
b = select(a, axis=2, index=0)
c = add(b, v)
d = index_update(a, c, items=[":", ":", 0])
e = index_update(x, c, items=[":", [1, None, None], 0])
return e
