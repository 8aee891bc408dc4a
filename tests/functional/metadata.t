# unsqueeze_ and detach_ change no element.
x: f32[2, 3]
a = aten.sin.default(x) : f32[2, 3]
b = aten.unsqueeze_.default(a, 0) : f32[1, 2, 3]
c = aten.detach_.default(b) : f32[1, 2, 3]
d = aten.add_.Tensor(c, 1) : f32[1, 2, 3]
return a
---- functional
a = aten.sin.default(x) : f32[2, 3]
b = aten.unsqueeze.default(a, 0) : f32[1, 2, 3]
c = aten.detach.default(b) : f32[1, 2, 3]
d = aten.add.Tensor(c, 1) : f32[1, 2, 3]
aten.squeeze.dim(d, 0) : f32[2, 3]
---- mlx
a = sin(x)
b = expand_dims(a, axis=0)
c = add(b, 1)
squeeze(c, axis=0)
---- python
return (mx.expand_dims(mx.sin(x), axis=0) + 1).squeeze(0)
