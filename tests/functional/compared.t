x: f32[3]
a = aten.clone.default(x) : f32[3]
b = aten.gt_.Scalar(a, 0) : f32[3]
return a
---- functional
a = aten.clone.default(x) : f32[3]
b = aten.gt.Scalar(a, 0) : bool[3]
aten._to_copy.default(b, dtype=f32) : f32[3]
---- mlx
a = greater(x, 0)
astype(a, dtype=f32)
---- python
return (x > 0).astype(mx.float32)
