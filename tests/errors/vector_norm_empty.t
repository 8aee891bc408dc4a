x: f32[0]
aten.linalg_vector_norm.default(x, inf) : f32[]
---- error
node 0 'result': aten.linalg_vector_norm.default: MLX does not reduce over an empty axis
