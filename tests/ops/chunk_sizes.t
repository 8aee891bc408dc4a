symbol s0: 2..64
x: f32[2*s0, 3]
a, b = aten.chunk.default(x, 2) : f32[s0, 3], f32[s0, 3]
return a, b
