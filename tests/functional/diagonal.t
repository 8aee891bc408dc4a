x: f32[3, 4]
a = aten.sin.default(x) : f32[3, 4]
b = aten.diagonal.default(a, 1) : f32[3]
c = aten.fill_.Scalar(b, 0) : f32[3]
return a
---- functional
a = aten.sin.default(x) : f32[3, 4]
b = aten.diagonal.default(a, 1) : f32[3]
c = aten.fill_.Scalar(b, 0) : f32[3]
return a
---- mlx
sin(x)
---- python
return mx.sin(x)
