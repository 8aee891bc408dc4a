x: f32[0, 0]
aten.linalg_det.default(x) : f32[]
---- error
node 0 'result': aten.linalg_det.default: MLX factorizes no empty matrices
