symbol s0: 2..64
x: f32[s0]
a, b = aten.chunk.default(x, 2) : f32[s0], f32[s0]
return a, b
---- error
node 0 'a': aten.chunk.default: splitting an axis whose size is not constant
