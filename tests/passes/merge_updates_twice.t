# What `x[:, 2] -= 1` leaves behind.
x: f32[2, 5]
v: f32[2]
a = index_update(x, v, items=(":", 2))
b = index_update(a, v, items=(":", 2))
return b
---- after
x: f32[2, 5]
v: f32[2]
a = index_update(x, v, items=[":", 2])
return a
