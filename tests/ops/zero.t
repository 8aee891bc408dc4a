symbol s0: 1..64
x: f32[s0, 3]
aten.zero.default(x) : f32[s0, 3]
---- error
node 0 'result': aten.zero.default has no MLX lowering
