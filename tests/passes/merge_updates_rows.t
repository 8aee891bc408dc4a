# An index into a range is an index of x, where constants tell.
x: f32[6, 3]
v: f32[3]
a = slice(x, axis=0, start=1, step=2)
b = index_update(a, v, items=(1,))
c = index_update(x, b, items=((1, None, 2),))
d = slice(x, axis=0, stop=-1)
e = index_update(d, v, items=(-1,))
f = index_update(x, e, items=((None, -1, None),))
return c
return f
---- after
x: f32[6, 3]
v: f32[3]
a = slice(x, axis=0, start=1, step=2)
b = index_update(a, v, items=[1])
c = index_update(x, v, items=[3])
d = slice(x, axis=0, stop=-1)
e = index_update(d, v, items=[-1])
f = index_update(x, e, items=[[None, -1, None]])
return c, f
