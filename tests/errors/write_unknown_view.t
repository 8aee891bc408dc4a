x: f32[6]
a = aten.sin.default(x) : f32[6]
b = aten.as_strided.default(a, [2, 2], [2, 1]) : f32[2, 2]
c = aten.add_.Tensor(b, 1) : f32[2, 2] @ layers.3 <Block> at "repo/modeling_x.py" 41 "b += 1"
return a
---- error
node 2 'c' (layers.3, modeling_x.py:41): aten.add_.Tensor: writes to a view made by aten.as_strided.default, which has no exact form
