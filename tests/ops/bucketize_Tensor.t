x: f32[5]
v: f32[2, 3]
aten.bucketize.Tensor(v, x) : i64[2, 3]
