x: f32[5]
aten.bucketize.Scalar(2, x, right=True) : i64[]
