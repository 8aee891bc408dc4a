x: f32[2, 3]
aten.special_ndtri.default(x) : f32[2, 3]
---- error
node 0 'result': aten.special_ndtri.default has no MLX lowering
