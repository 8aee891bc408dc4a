x: f32[3]
a = aten.clone.default(x) : f32[3]
b = aten.gt_.Scalar(a, 0) : f32[3]
return a
