x: f32[4]
aten.nonzero.default(x) : i64[4, 1]
---- error
node 0 'result': aten.nonzero.default has no MLX lowering: the shape of its result depends on data
