symbol s0: 1..64
x: f32[s0, 12]
aten.unflatten.int(x, -1, [-1, 4]) : f32[s0, 3, 4]
