x: f32[3]
a = aten.sin.default(x) : f32[3]
b = aten.expand.default(a, [2, 3]) : f32[2, 3]
c = aten.add_.Tensor(b, 1) : f32[2, 3]
return a
---- error
node 2 'c': aten.add_.Tensor: writes to a view made by aten.expand.default, which has no exact form
