x: f32[4, 6, 2]
a, b = aten.unsafe_chunk.default(x, 2) : f32[2, 6, 2], f32[2, 6, 2]
return a, b
