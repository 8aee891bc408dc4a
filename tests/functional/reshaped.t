x: f32[2, 6]
a = aten.sin.default(x) : f32[2, 6]
b = aten.view.default(a, [2, 3, 2]) : f32[2, 3, 2]
c = aten.unsqueeze.default(b, 0) : f32[1, 2, 3, 2]
d = aten.mul_.Tensor(c, 2) : f32[1, 2, 3, 2]
return a
---- functional
a = aten.sin.default(x) : f32[2, 6]
b = aten.view.default(a, [2, 3, 2]) : f32[2, 3, 2]
c = aten.unsqueeze.default(b, 0) : f32[1, 2, 3, 2]
d = aten.mul.Tensor(c, 2) : f32[1, 2, 3, 2]
e = aten.squeeze.dim(d, 0) : f32[2, 3, 2]
aten.view.default(e, [2, 6]) : f32[2, 6]
---- mlx
a = sin(x)
b = reshape(a, shape=[2, 3, 2])
c = expand_dims(b, axis=0)
d = multiply(c, 2)
e = squeeze(d, axis=0)
reshape(e, shape=[2, 6])
---- python
return (mx.expand_dims(mx.sin(x).reshape(2, 3, 2), axis=0) * 2).squeeze(0).reshape(2, 6)
