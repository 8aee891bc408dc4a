x: f32[2, 3]
n: int
aten.full.default([n], 0.0) : f32[2]
---- error
node 0 'result': aten.full.default: MLX op 'full' does not take these arguments: the value of 'n' is not known
