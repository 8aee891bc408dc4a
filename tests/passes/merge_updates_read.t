# pass: merge_updates dce
x: f32[4, 3, 2]
v: f32[4, 3]
a = index_update(x, v, items=(":", ":", 0))
b = select(a, axis=2, index=0)
c = index_update(a, b, items=(":", ":", 0))
d = select(a, axis=2, index=1)
e = index_update(a, d, items=(":", ":", 0))
return c, e
---- after
x: f32[4, 3, 2]
v: f32[4, 3]
a = index_update(x, v, items=[":", ":", 0])
d = select(a, axis=2, index=1)
e = index_update(a, d, items=[":", ":", 0])
return a, e
