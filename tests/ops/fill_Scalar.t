x: i64[2, 3]
aten.fill.Scalar(x, 2.5) : i64[2, 3]
---- error
node 0 'result': aten.fill.Scalar has no MLX lowering
