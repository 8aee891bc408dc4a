x: f32[2, 0]
aten.amax.default(x, [1]) : f32[2]
---- error
node 0 'result': aten.amax.default: MLX does not reduce over an empty axis
