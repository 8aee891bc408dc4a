# In eval dropout gives its operand back, and a write reaches it.
x: f32[2, 3]
a = aten.sin.default(x) : f32[2, 3]
b = aten.dropout.default(a, 0.1, False) : f32[2, 3]
c = aten.add_.Tensor(b, 1) : f32[2, 3]
return a
---- functional
a = aten.sin.default(x) : f32[2, 3]
b = aten.dropout.default(a, 0.1, False) : f32[2, 3]
aten.add.Tensor(b, 1) : f32[2, 3]
---- mlx
a = sin(x)
add(a, 1)
---- python
return mx.sin(x) + 1
