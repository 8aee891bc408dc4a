symbol s0: 8..512
x: f32[2, s0]
aten.unfold.default(x, -1, 4, 2) : f32[2, (s0 - 4)//2 + 1, 4]
